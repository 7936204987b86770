/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * TOML lets a table be written in several places, but each only once: a table is
 * opened by its header, by keys with dots in one section, or in braces, and these do
 * not mix. What a table is so far is kept in its flags.
 */
#include "recipe/toml_table.h"

#include "base/mem.h"

enum {
	SEALED = 1,   /* written in one piece: {...} or [...] */
	HEADER = 2,   /* opened by its own header */
	DOTTED = 4,   /* opened by a key with dots, in the section that MARK_SHIFT keeps */
	MANY = 8,     /* an array that [[...]] grows */
	MARK_SHIFT = 4
};

void
table_seal(struct value *v)
{
	v->flags |= SEALED;
}

static struct value *
put_new(struct value *table, const struct key_part *part, enum value_kind kind,
	unsigned flags)
{
	struct value *v = value_new(kind, part->pos);

	v->key_pos = part->pos;
	v->flags = flags;
	value_put(table, part->name, v);
	return v;
}

static struct value *
refuse(const struct key *k, size_t i, const struct value *first, const char *what,
	struct diags *diags)
{
	cleanup_free char *name = key_text(k, i + 1);

	diag_error(diags, k->parts.v[i].pos, "%s %s", name, what);
	if (first->key_pos.line > 0)
		diag_hint(diags, "it is at line %d: %s", first->key_pos.line,
			value_kind_name(first->kind));
	return NULL;
}

/* ---- Keys ------------------------------------------------------------ */

/* A table that a dotted key passes through; NULL if it must not. */
static struct value *
pass_dotted(struct value *v, unsigned section)
{
	unsigned mark = DOTTED | section << MARK_SHIFT;

	if (v->kind != VALUE_TABLE || v->flags & (SEALED | HEADER))
		return NULL;
	if (v->flags & DOTTED && v->flags != mark)
		return NULL;
	v->flags = mark;
	return v;
}

struct value *
table_for_key(struct value *table, const struct key *k, unsigned section,
	struct diags *diags)
{
	size_t last = k->parts.len - 1;
	struct value *v;

	for (size_t i = 0; i < last; i++) {
		const struct key_part *part = &k->parts.v[i];

		v = value_get(table, part->name);
		if (!v)
			v = put_new(table, part, VALUE_TABLE, 0);
		table = pass_dotted(v, section);
		if (!table)
			return refuse(k, i, v, "is complete and takes no more keys", diags);
	}
	v = value_get(table, k->parts.v[last].name);
	return v ? refuse(k, last, v, "is set twice", diags) : table;
}

/* ---- Headers --------------------------------------------------------- */

/* What a longer header passes through: a table, or the newest of several. */
static struct value *
pass_header(struct value *v)
{
	if (v->kind == VALUE_ARRAY && v->flags & MANY)
		v = v->array.v[v->array.len - 1];
	return v->kind == VALUE_TABLE && !(v->flags & SEALED) ? v : NULL;
}

static struct value *
open_one(struct value *parent, const struct key *k, struct diags *diags)
{
	size_t last = k->parts.len - 1;
	struct value *v = value_get(parent, k->parts.v[last].name);

	if (!v)
		return put_new(parent, &k->parts.v[last], VALUE_TABLE, HEADER);
	if (v->kind != VALUE_TABLE)
		return refuse(k, last, v, "is no table", diags);
	if (v->flags)
		return refuse(k, last, v, "is opened twice", diags);
	v->flags = HEADER;
	v->pos = v->key_pos = k->parts.v[last].pos;
	return v;
}

static struct value *
open_many(struct value *parent, const struct key *k, struct diags *diags)
{
	size_t last = k->parts.len - 1;
	const struct key_part *part = &k->parts.v[last];
	struct value *array = value_get(parent, part->name), *v;

	if (!array)
		array = put_new(parent, part, VALUE_ARRAY, MANY);
	if (!(array->flags & MANY))
		return refuse(k, last, array, "is no array of tables", diags);
	v = value_new(VALUE_TABLE, part->pos);
	v->key_pos = part->pos;
	v->flags = HEADER;
	value_push(array, v);
	return v;
}

struct value *
table_for_header(struct value *root, const struct key *k, bool many, struct diags *diags)
{
	struct value *table = root;

	for (size_t i = 0; i + 1 < k->parts.len; i++) {
		struct value *v = value_get(table, k->parts.v[i].name);

		if (!v)
			v = put_new(table, &k->parts.v[i], VALUE_TABLE, 0);
		table = pass_header(v);
		if (!table)
			return refuse(k, i, v, "is complete and takes no more keys", diags);
	}
	return many ? open_many(table, k, diags) : open_one(table, k, diags);
}

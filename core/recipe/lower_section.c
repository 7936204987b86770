/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A section is a table with readers: the few keys that lowering itself understands,
 * and the plugins, each of which takes the keys that are options of its.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "msmv/plugin.h"
#include "recipe/sections.h"

void
section_open(struct lower *l, struct section *sec, const struct value *parent,
	const char *key, const char *name)
{
	const struct value *v = value_get(parent, key);

	*sec = (struct section){ .name = xstrdup(name) };
	if (!v)
		return;
	sec->pos = lower_pos(v);
	if (v->kind == VALUE_TABLE) {
		sec->table = v;
		return;
	}
	diag_error(l->diags, sec->pos, "%s wants a table, not %s", name,
		value_kind_name(v->kind));
	l->incomplete = sec->incomplete = true;
}

void
section_release(struct section *sec)
{
	free(sec->name);
	vec_release(&sec->stages);
	vec_release(&sec->known);
	vec_release(&sec->done);
}

void
section_add(struct section *sec, struct stage *s)
{
	if (s)
		vec_push(&sec->stages, s);
	else
		sec->incomplete = true;
}

void
section_know_plugin(struct section *sec, const struct plugin_info *p)
{
	for (size_t i = 0; p && i < p->options.len; i++)
		vec_push(&sec->known, p->options.v[i].name);
}

bool
section_has(const struct section *sec, const char *key)
{
	return value_get(sec->table, key) != NULL;
}

/* ---- Keys that lowering reads itself --------------------------------- */

static const char *
text_of(struct lower *l, const struct section *sec, const char *key,
	const struct value *v)
{
	if (v->kind == VALUE_STRING && strlen(v->string.s) == v->string.len)
		return v->string.s;
	if (v->kind == VALUE_STRING)
		diag_error(l->diags, v->pos, "%s %s holds a NUL byte", sec->name, key);
	else if (v->kind == VALUE_ARRAY || v->kind == VALUE_TABLE)
		diag_error(l->diags, v->pos, "%s %s wants a text, not %s", sec->name, key,
			value_kind_name(v->kind));
	else
		diag_error(l->diags, v->pos, "%s %s wants a text; put it in quotes",
			sec->name, key);
	return NULL;
}

const char *
section_text(struct lower *l, const struct section *sec, const char *key)
{
	const struct value *v = value_get(sec->table, key);

	return v ? text_of(l, sec, key, v) : NULL;
}

bool
section_bool(struct lower *l, const struct section *sec, const char *key, bool fallback)
{
	const struct value *v = value_get(sec->table, key);

	if (!v)
		return fallback;
	if (v->kind == VALUE_BOOL)
		return v->boolean;
	if (v->kind == VALUE_STRING &&
		(streq(v->string.s, "true") || streq(v->string.s, "false")))
		return streq(v->string.s, "true");
	diag_error(l->diags, v->pos, "%s %s wants true or false", sec->name, key);
	return fallback;
}

void
section_texts(struct lower *l, const struct section *sec, const char *key, texts *out)
{
	const struct value *v = value_get(sec->table, key);

	if (!v)
		return;
	if (v->kind != VALUE_ARRAY) {
		if (text_of(l, sec, key, v))
			vec_push(out, v);
		return;
	}
	for (size_t i = 0; i < v->array.len; i++)
		if (text_of(l, sec, key, v->array.v[i]))
			vec_push(out, (const struct value *)v->array.v[i]);
}

void
section_keys(struct lower *l, struct section *sec, const char *name)
{
	for (const struct section_key *k = section_info(name)->keys; k->name; k++) {
		vec_push(&sec->known, k->name);
		if (!(k->flags & SECTION_SHARED))
			vec_push(&sec->done, k->name);
		if (k->flags & SECTION_PEOPLE)
			section_text(l, sec, k->name);
	}
}

/* ---- Keys that plugins read ------------------------------------------ */

static void
push_names(struct section *all, const struct section *sec)
{
	for (size_t i = 0; i < sec->known.len; i++)
		vec_push(&all->known, sec->known.v[i]);
	for (size_t i = 0; i < sec->stages.len; i++)
		section_know_plugin(all, sec->stages.v[i]->plugin);
}

static void
unknown_key(struct lower *l, const struct section *sec, const char *key, struct pos pos)
{
	struct section all = { .name = NULL };

	/* Only counted: what it could have been is of no use to anybody. */
	if (diags_full(l->diags)) {
		schema_unknown(&l->schema, sec->name, key, pos, NULL, 0);
		return;
	}
	push_names(&all, sec);
	if (str_starts(sec->name, "[applications."))
		lower_app_names(l, &all);
	/* A stage that could not be made may have taken it, unless it looks mistyped. */
	if (!sec->incomplete || suggest(key, all.known.v, all.known.len))
		schema_unknown(&l->schema, sec->name, key, pos, all.known.v,
			all.known.len);
	section_release(&all);
}

static bool
is_in(const char *key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (streq(names[i], key))
			return true;
	return false;
}

static bool
has_item(const struct stage_option *o, const char *key)
{
	for (size_t i = 0; o->keys && i < o->count; i++)
		if (streq(o->keys[i], key))
			return true;
	return false;
}

/* A map grows: [init] app names programs beside those of the applications. */
static int
take_beside(struct lower *l, const struct section *sec, const struct option_info *o,
	const struct value *v, struct stage *s)
{
	int result = 0;

	for (size_t i = 0; i < v->table.len; i++) {
		const struct map_item *item = &v->table.items[i];
		const struct stage_option *there = stage_option_get(s, o->name);
		const char *from = stage_option_section(there, item->key);

		if (has_item(there, item->key))
			result = diag_error(l->diags, lower_pos(item->value),
				"%s %s: %s has %s already", sec->name, o->name,
				from ? from : "another section", item->key);
		else if (schema_take_item(&l->schema, sec->name, o->name, o, item->key,
				 item->value, s) < 0)
			result = -1;
	}
	return result;
}

/* Gives one key to all its takers; after one report the others stay quiet. */
static void
route(struct lower *l, const struct section *sec, const char *key, const struct value *v)
{
	bool taken = is_in(key, sec->known.v, sec->known.len);

	for (size_t i = 0; i < sec->stages.len; i++) {
		struct stage *s = sec->stages.v[i];
		const struct option_info *o = plugin_option(s->plugin, key);

		if (!o)
			continue;
		taken = true;
		if (stage_option_get(s, key) && o->type == MSMV_TYPE_MAP &&
			v->kind == VALUE_TABLE) {
			if (take_beside(l, sec, o, v, s) < 0)
				return;
			continue;
		}
		if (stage_option_get(s, key)) {
			diag_error(l->diags, lower_pos(v),
				"%s %s: stage %s has it from another section already",
				sec->name, key, s->name);
			return;
		}
		if (schema_take(&l->schema, sec->name, key, o, v, s) < 0)
			return;
	}
	if (!taken)
		unknown_key(l, sec, key, lower_pos(v));
}

void
section_route(struct lower *l, struct section *sec)
{
	for (size_t i = 0; sec->table && i < sec->table->table.len; i++) {
		const struct map_item *item = &sec->table->table.items[i];

		if (!is_in(item->key, sec->done.v, sec->done.len))
			route(l, sec, item->key, item->value);
	}
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The notation proposes a text; here it is read again and taken or refused. */
#include "recipe/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "recipe/edit_part.h"
#include "recipe/toml.h"
#include "recipe/yaml.h"

static const struct edit_notation notations[] = {
	/* The first is for every name that is not said to be something else. */
	{ ".toml", toml_parse, edit_toml_replace, edit_toml_add, edit_toml_remove },
	{ ".yaml", yaml_parse, edit_yaml_replace, edit_yaml_add, edit_yaml_remove },
	{ ".yml", yaml_parse, edit_yaml_replace, edit_yaml_add, edit_yaml_remove },
};

static const struct edit_notation *
find_notation(const char *file)
{
	for (size_t i = 0; i < ARRAY_LEN(notations); i++)
		if (str_ends(file, notations[i].suffix))
			return &notations[i];
	return &notations[0];
}

int
edit_open(struct edit *e, const char *file, const char *text, size_t len, struct err *err)
{
	cleanup_diags struct diags diags = DIAGS_INIT;

	*e = (struct edit){ .file = xstrdup(file), .notation = find_notation(file) };
	str_addn(&e->text, text, len);
	e->root = e->notation->parse(file, str_text(&e->text), len, &diags);
	return e->root ? 0 : diags_err(&diags, err);
}

void
edit_insert(const struct edit_job *job, size_t at, const char *lines)
{
	const char *newline = memchr(job->text, '\n', job->len);
	bool crlf = newline && newline > job->text && newline[-1] == '\r';
	bool open = at == job->len && at && job->text[at - 1] != '\n' &&
		/* A byte order mark alone is no line. */
		!(at == 3 && memcmp(job->text, "\xef\xbb\xbf", 3) == 0);

	str_addn(job->out, job->text, at);
	if (open)
		str_add(job->out, crlf ? "\r\n" : "\n");
	for (; *lines; lines++) {
		if (open && *lines == '\n' && !lines[1])
			break;
		if (*lines == '\n' && crlf)
			str_addc(job->out, '\r');
		str_addc(job->out, *lines);
	}
	str_addn(job->out, job->text + at, job->len - at);
}

/* ---- The way to a value ---------------------------------------------- */

static char *
keys_text(const char *const *keys, size_t n)
{
	struct str s = STR_INIT;

	for (size_t i = 0; i < n; i++)
		str_addf(&s, "%s%s", i ? "." : "", keys[i]);
	return str_take(&s);
}

static struct value *
find_value(const struct edit *e, const char *const *keys, size_t n)
{
	struct value *v = e->root;

	for (size_t i = 0; v && i < n; i++)
		v = value_get(v, keys[i]);
	return v;
}

/* Every key but the last must lead to a table, or to nothing. */
static int
check_way(const struct edit *e, const char *const *keys, size_t n, struct err *err)
{
	const struct value *v = e->root;

	if (!n)
		return err_set(err, "%s: no key is given", e->file);
	for (size_t i = 0; i + 1 < n && v; i++) {
		v = value_get(v, keys[i]);
		if (v && v->kind != VALUE_TABLE) {
			cleanup_free char *name = keys_text(keys, i + 1);

			return err_set(err, "%s:%d: %s is %s, so %s cannot stand in it",
				e->file, v->pos.line, name, value_kind_name(v->kind),
				keys[i + 1]);
		}
	}
	return 0;
}

/* How many of the keys before the last lead to tables that are there. */
static size_t
count_existing(const struct edit *e, const char *const *keys, size_t n)
{
	const struct value *v = e->root;
	size_t i = 0;

	while (i + 1 < n && (v = value_get(v, keys[i])))
		i++;
	return i;
}

/* ---- One change ------------------------------------------------------ */

static void
put_wanted(struct value *root, const char *const *keys, size_t n, const struct value *v)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct value *next = value_get(root, keys[i]);

		if (!next) {
			next = value_new(VALUE_TABLE, POS_NONE);
			value_put(root, keys[i], next);
		}
		root = next;
	}
	if (v)
		value_put(root, keys[n - 1], value_copy(v));
	else
		value_drop(root, keys[n - 1]);
}

/* A table that lost its last key may go with it, where only the key made it. */
static void
forget_empty(struct value *wanted, const struct value *got, const char *const *keys,
	size_t n)
{
	for (size_t depth = n - 1; depth > 0; depth--) {
		struct value *parent = wanted, *v;
		const struct value *same = got;

		for (size_t i = 0; i + 1 < depth; i++) {
			parent = value_get(parent, keys[i]);
			same = value_get(same, keys[i]);
		}
		v = value_get(parent, keys[depth - 1]);
		if (!v || v->table.len || value_get(same, keys[depth - 1]))
			return;
		value_drop(parent, keys[depth - 1]);
	}
}

static int
refuse(const struct edit *e, const char *const *keys, size_t n, struct err *err)
{
	cleanup_free char *name = keys_text(keys, n);
	const struct value *v = NULL;

	for (size_t i = n; i && !v; i--)
		v = find_value(e, keys, i);
	if (v && v->pos.line > 0)
		return err_set(err, "%s:%d: %s cannot be changed here without harm to the "
			"rest; write it by hand", e->file, v->pos.line, name);
	return err_set(err, "%s: %s cannot be changed without harm to the rest; write it "
		"by hand", e->file, name);
}

/* v NULL: remove. The text changes only if it then says what it must. */
static int
change(struct edit *e, const char *const *keys, size_t n, const struct value *v,
	struct err *err)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_value struct value *wanted = value_copy(e->root), *got = NULL;
	cleanup_str struct str out = STR_INIT;
	struct edit_job job = { str_text(&e->text), e->text.len, e->root, keys, n,
		count_existing(e, keys, n), v, &out };
	bool there = find_value(e, keys, n) != NULL;
	int (*how)(const struct edit_job *) = !v ? e->notation->remove
		: there ? e->notation->replace : e->notation->add;

	put_wanted(wanted, keys, n, v);
	if (how(&job) < 0)
		return refuse(e, keys, n, err);
	got = e->notation->parse(e->file, str_text(&out), out.len, &diags);
	if (got && !v)
		forget_empty(wanted, got, keys, n);
	if (!got || !value_equal(got, wanted))
		return refuse(e, keys, n, err);
	str_release(&e->text);
	e->text = out;
	out = (struct str)STR_INIT;
	value_free(e->root);
	e->root = take(got);
	return 0;
}

static int set_value(struct edit *e, const char *const *keys, size_t n,
	const struct value *v, struct err *err);

/* Key by key, so that what stays keeps its place and its comments. */
static int
set_table(struct edit *e, const char *const *keys, size_t n, const struct value *v,
	struct err *err)
{
	cleanup_free const char **inner = xreallocarray(NULL, n + 1, sizeof(*inner));
	cleanup_value struct value *old = value_copy(find_value(e, keys, n));

	memcpy(inner, keys, n * sizeof(*inner));
	for (size_t i = 0; i < v->table.len; i++) {
		inner[n] = v->table.items[i].key;
		if (set_value(e, inner, n + 1, v->table.items[i].value, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < old->table.len; i++) {
		inner[n] = old->table.items[i].key;
		if (!value_get(v, inner[n]) && change(e, inner, n + 1, NULL, err) < 0)
			return -1;
	}
	return find_value(e, keys, n) ? 0 : change(e, keys, n, v, err);
}

static int
set_value(struct edit *e, const char *const *keys, size_t n, const struct value *v,
	struct err *err)
{
	const struct value *old = find_value(e, keys, n);

	if (old && value_equal(old, v))
		return 0;
	if (old && old->kind == VALUE_TABLE && v->kind == VALUE_TABLE)
		return set_table(e, keys, n, v, err);
	return change(e, keys, n, v, err);
}

int
edit_set(struct edit *e, const char *const *keys, size_t nkeys, const struct value *v,
	struct err *err)
{
	cleanup_value struct value *root = NULL;
	struct str text = STR_INIT;

	if (check_way(e, keys, nkeys, err) < 0)
		return -1;
	str_addn(&text, str_text(&e->text), e->text.len);
	root = value_copy(e->root);
	if (set_value(e, keys, nkeys, v, err) == 0) {
		str_release(&text);
		return 0;
	}
	/* Some keys of a table may have been set before one could not be. */
	str_release(&e->text);
	e->text = text;
	value_free(e->root);
	e->root = take(root);
	return -1;
}

int
edit_remove(struct edit *e, const char *const *keys, size_t nkeys, struct err *err)
{
	if (check_way(e, keys, nkeys, err) < 0)
		return -1;
	return find_value(e, keys, nkeys) ? change(e, keys, nkeys, NULL, err) : 0;
}

const char *
edit_text(const struct edit *e)
{
	return str_text(&e->text);
}

void
edit_release(struct edit *e)
{
	free(e->file);
	str_release(&e->text);
	value_free(e->root);
	*e = (struct edit)EDIT_INIT;
}

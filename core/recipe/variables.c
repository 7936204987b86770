/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Each text is gone over once, and what is put in is not looked at again: variables
 * were expanded when they were defined, so nothing can refer to itself. What doubles
 * with every line stops at VARIABLES_SIZE.
 */
#include "recipe/variables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/suggest.h"

struct variables {
	struct map values; /* name -> char * */
	const struct value *table; /* [variables], or NULL */
	struct diags *diags;
	size_t written; /* bytes put in so far */
	bool failed;
};

/* ---- One text -------------------------------------------------------- */

static size_t
name_length(const char *s)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	return *s >= '0' && *s <= '9' ? 0 : strspn(s, letters);
}

static void
fail(struct variables *v)
{
	v->failed = true;
}

static void
unknown(struct variables *v, const char *name, struct pos pos)
{
	VEC(const char *) names = VEC_INIT;
	const char *near;

	fail(v);
	diag_error(v->diags, pos, "there is no variable %s", name);
	if (diags_full(v->diags))
		return;
	for (size_t i = 0; i < v->values.len; i++)
		vec_push(&names, v->values.items[i].key);
	near = diags_suggest(v->diags, name, names.v, names.len);
	vec_release(&names);
	if (value_get(v->table, name))
		diag_hint(v->diags, "it is defined further below: a variable may use those "
			"above it");
	else if (near)
		diag_hint(v->diags, "did you mean %s?", near);
	else
		diag_hint(v->diags, "[variables] %s = \"...\" defines it; {{{{%s}}}} is the "
			"text {{%s}} itself", name, name, name);
}

static void
put(struct variables *v, struct str *out, const char *name, struct pos pos)
{
	const char *text = map_get(&v->values, name);
	size_t n = text ? strlen(text) : 0;

	if (!text) {
		unknown(v, name, pos);
		return;
	}
	if (v->written + n > VARIABLES_SIZE) {
		if (v->written <= VARIABLES_SIZE)
			diag_error(v->diags, pos, "variables become more than %d MiB of text",
				VARIABLES_SIZE >> 20);
		v->written = VARIABLES_SIZE + 1;
		fail(v);
		return;
	}
	v->written += n;
	str_addn(out, text, n);
}

/* What begins at s with '{': its length, and what it stands for in out. */
static size_t
braces(struct variables *v, struct str *out, const char *s, struct pos pos)
{
	bool twice = str_starts(s, "{{{{");
	const char *name = s + (twice ? 4 : 2), *end = twice ? "}}}}" : "}}";
	size_t n = str_starts(s, "{{") ? name_length(name) : 0;

	if (!n || !str_starts(name + n, end)) {
		str_addc(out, '{');
		return 1;
	}
	if (twice) {
		str_addf(out, "{{%.*s}}", (int)n, name);
	} else {
		cleanup_free char *copy = xstrndup(name, n);

		put(v, out, copy, pos);
	}
	return (size_t)(name - s) + n + strlen(end);
}

/* A text with a NUL in it is refused later; up to there it is looked at. */
static char *
expand_text(struct variables *v, const char *s, struct pos pos)
{
	struct str out = STR_INIT;

	while (*s) {
		size_t n = strcspn(s, "{");

		str_addn(&out, s, n);
		s += n;
		if (*s)
			s += braces(v, &out, s, pos);
	}
	return str_take(&out);
}

/* ---- Values ---------------------------------------------------------- */

static void
expand_string(struct variables *v, struct value *s)
{
	char *text;

	if (strlen(s->string.s) != s->string.len || !strstr(s->string.s, "{{"))
		return;
	text = expand_text(v, s->string.s, s->pos);
	free(s->string.s);
	s->string.s = text;
	s->string.len = strlen(text);
}

static void
expand(struct variables *v, struct value *node)
{
	if (node->kind == VALUE_STRING)
		expand_string(v, node);
	for (size_t i = 0; node->kind == VALUE_ARRAY && i < node->array.len; i++)
		expand(v, node->array.v[i]);
	for (size_t i = 0; node->kind == VALUE_TABLE && i < node->table.len; i++)
		if (node->table.items[i].value != v->table)
			expand(v, node->table.items[i].value);
}

/* ---- [variables] ----------------------------------------------------- */

static void
define(struct variables *v, const char *name, char *text)
{
	free(map_put(&v->values, name, text));
}

static bool
is_known(const char *name)
{
	return streq(name, "arch") || streq(name, "name");
}

static void
read_one(struct variables *v, const char *name, const struct value *value)
{
	struct pos at = value->key_pos.line ? value->key_pos : value->pos;

	if (!name_length(name) || name[name_length(name)]) {
		diag_error(v->diags, at, "[variables] \"%s\" cannot name a variable", name);
		diag_hint(v->diags, "letters, digits and _, no digit first");
	} else if (is_known(name)) {
		diag_error(v->diags, at, "[variables] %s is there already: %s", name,
			*name == 'a' ? "the target architecture" : "general.name");
	} else if (value->kind == VALUE_INT) {
		define(v, name, xasprintf("%" PRId64, value->integer));
		return;
	} else if (value->kind != VALUE_STRING) {
		diag_error(v->diags, value->pos, "[variables] %s wants a text or a whole "
			"number, not %s", name, value_kind_name(value->kind));
	} else if (strlen(value->string.s) != value->string.len) {
		diag_error(v->diags, value->pos, "[variables] %s holds a NUL byte", name);
	} else {
		define(v, name, expand_text(v, value->string.s, value->pos));
		return;
	}
	fail(v);
}

static void
read_table(struct variables *v)
{
	if (!v->table)
		return;
	if (v->table->kind != VALUE_TABLE) {
		diag_error(v->diags, v->table->pos, "[variables] wants a table, not %s",
			value_kind_name(v->table->kind));
		fail(v);
		return;
	}
	for (size_t i = 0; i < v->table->table.len; i++)
		read_one(v, v->table->table.items[i].key, v->table->table.items[i].value);
}

/*
 * A plain general.name is there for [variables] too; one that is made of variables is
 * known after them.
 */
static void
read_all(struct variables *v, const struct value *root, const char *arch)
{
	const struct value *name = value_path(root, "general.name");
	const char *text = name && name->kind == VALUE_STRING ? name->string.s : NULL;
	bool plain = text && !strstr(text, "{{");

	v->table = value_get(root, "variables");
	if (arch)
		define(v, "arch", xstrdup(arch));
	if (plain)
		define(v, "name", xstrdup(text));
	read_table(v);
	if (text && !plain) {
		/* What is wrong with it is reported where it is expanded for good. */
		struct variables quiet = *v;
		cleanup_diags struct diags ignored = DIAGS_INIT;

		quiet.diags = &ignored;
		define(v, "name", expand_text(&quiet, text, name->pos));
	}
}

static int
run(const struct value *root, struct value *node, const char *arch, struct diags *diags)
{
	struct variables v = { .values = MAP_INIT, .diags = diags };
	struct value *name;

	read_all(&v, root, arch);
	/* general.name in itself would grow by itself. */
	name = value_path(root, "general.name");
	if (name && node != name && name->kind == VALUE_STRING &&
		strstr(name->string.s, "{{name}}")) {
		diag_error(diags, name->pos, "[general] name is made of itself");
		fail(&v);
	} else {
		expand(&v, node);
	}
	map_release(&v.values, free);
	return v.failed ? -1 : 0;
}

int
variables_expand(struct value *root, const char *arch, struct diags *diags)
{
	return run(root, root, arch, diags);
}

int
variables_expand_value(
	const struct value *root, struct value *v, const char *arch, struct diags *diags)
{
	return run(root, v, arch, diags);
}

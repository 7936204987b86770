/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One function per option type makes texts of a value. Old recipes write numbers
 * and switches in quotes, so a quoted number is a number; nothing else is guessed.
 */
#include "recipe/schema_type.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/str.h"
#include "base/suggest.h"
#include "msmv/plugin.h"
#include "recipe/schema_path.h"

static int wrong(const struct taking *t, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int
wrong(const struct taking *t, struct pos pos, const char *fmt, ...)
{
	cleanup_str struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	diag_error(
		t->schema->diags, pos, "%s %s %s", t->section, t->key, str_text(&text));
	return -1;
}

static int
wrong_kind(const struct taking *t, const struct value *v, const char *wanted)
{
	return wrong(t, v->pos, "wants %s, not %s", wanted, value_kind_name(v->kind));
}

/* ---- Texts ----------------------------------------------------------- */

static int
check_choice(const struct taking *t, struct pos pos, const char *text)
{
	cleanup_free char *all = t->info->choices ? xstrdup(t->info->choices) : NULL;
	VEC(const char *) known = VEC_INIT;
	const char *near;
	char *save;
	bool found = !all;

	for (char *c = all ? strtok_r(all, "|", &save) : NULL; c;
		c = strtok_r(NULL, "|", &save)) {
		found = found || streq(c, text);
		vec_push(&known, c);
	}
	near = found ? NULL : diags_suggest(t->schema->diags, text, known.v, known.len);
	vec_release(&known);
	if (found)
		return 0;
	wrong(t, pos, "is \"%s\", which is none of %s", text, t->info->choices);
	if (near)
		diag_hint(t->schema->diags, "did you mean %s?", near);
	return -1;
}

/* Adds a text that may be under a key; PATHS become absolute. */
static int
add_text(const struct taking *t, struct pos pos, const char *key, const char *text)
{
	cleanup_free char *joined = NULL, *path = NULL;

	if (check_choice(t, pos, text) < 0 || schema_path_url(t, pos, text) < 0)
		return -1;
	if (t->info->type == MSMV_TYPE_PATHS) {
		if (!*text)
			return wrong(t, pos, "holds an empty path");
		joined = path_join(t->schema->dir, text);
		path = path_absolute(joined);
		if (schema_path_inside(t, pos, text, path) < 0)
			return -1;
		if (!fs_exists(path))
			return wrong(t, pos,
				"names %s, which is not there (looked for %s)", text,
				path);
		text = path;
	}
	stage_option_add_at(t->out, key, text, pos);
	return 0;
}

/* A string, or a whole number as its digits; bool_text: yes and no, or NULL for none. */
static int
add_scalar(const struct taking *t, const char *key, const struct value *v,
	const char *const bool_text[2])
{
	cleanup_free char *digits = NULL;

	switch (v->kind) {
	case VALUE_STRING:
		if (strlen(v->string.s) != v->string.len)
			return wrong(t, v->pos, "holds a NUL byte");
		return add_text(t, v->pos, key, v->string.s);
	case VALUE_INT:
		digits = xasprintf("%" PRId64, v->integer);
		return add_text(t, v->pos, key, digits);
	case VALUE_BOOL:
		if (bool_text)
			return add_text(t, v->pos, key, bool_text[!v->boolean]);
		break;
	case VALUE_FLOAT:
	case VALUE_DATETIME:
		return wrong(t, v->pos, "wants a text; put it in quotes");
	case VALUE_ARRAY:
	case VALUE_TABLE:
		break;
	}
	return wrong_kind(t, v, "a text");
}

static int
read_string(const struct taking *t, const struct value *v)
{
	return add_scalar(t, NULL, v, NULL);
}

static int
read_list(const struct taking *t, const struct value *v)
{
	int result = 0;

	if (v->kind != VALUE_ARRAY)
		return add_scalar(t, NULL, v, NULL);
	for (size_t i = 0; i < v->array.len; i++)
		if (add_scalar(t, NULL, v->array.v[i], NULL) < 0)
			result = -1;
	return result;
}

/* An item is called as options.NET. */
static int
read_item(const struct taking *t, const char *item, const struct value *v)
{
	cleanup_free char *key = xasprintf("%s.%s", t->key, item);
	struct taking one = *t;

	one.key = key;
	if (v->kind == VALUE_ARRAY || v->kind == VALUE_TABLE)
		return wrong_kind(&one, v, "a text, a whole number, true or false");
	return schema_type_item(&one, item, v);
}

static int
read_map(const struct taking *t, const struct value *v)
{
	int result = 0;

	if (v->kind != VALUE_TABLE)
		return wrong_kind(t, v, "a table of names and texts");
	for (size_t i = 0; i < v->table.len; i++)
		if (read_item(t, v->table.items[i].key, v->table.items[i].value) < 0)
			result = -1;
	return result;
}

/* A table of paths gives each a name. */
static int
read_paths(const struct taking *t, const struct value *v)
{
	return (v->kind == VALUE_TABLE ? read_map : read_list)(t, v);
}

/* ---- Numbers --------------------------------------------------------- */

static int
whole_number(const char *text, char **end, int64_t *n)
{
	long long number;

	errno = 0;
	number = strtoll(text, end, 10);
	*n = number;
	/* strtoll skips blanks before the number; a recipe may not. */
	return *end == text || errno || strchr(" \t\n\v\f\r+", *text) ? -1 : 0;
}

int
schema_type_size(const char *text, int64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;

	if (whole_number(text, &end, bytes) < 0)
		return -1;
	if (!*end)
		return 0;
	unit = strchr(units, *end);
	if (!unit || end[1])
		return -1;
	for (; unit >= units; unit--)
		if (__builtin_mul_overflow(*bytes, (int64_t)1024, bytes))
			return -1;
	return 0;
}

static int
plain_number(const char *text, int64_t *n)
{
	char *end;

	return whole_number(text, &end, n) < 0 || *end ? -1 : 0;
}

/* A number as a person would write it: 16M, or 90 s. The caller frees. */
static char *
number_text(const struct option_info *o, int64_t n)
{
	static const char units[] = "TGMK";
	int64_t unit = (int64_t)1 << 40;

	if (o->type == MSMV_TYPE_SIZE)
		for (const char *u = units; *u; u++, unit /= 1024)
			if (n && n % unit == 0)
				return xasprintf("%" PRId64 "%c", n / unit, *u);
	return xasprintf(
		"%" PRId64 "%s%s", n, o->unit ? " " : "", o->unit ? o->unit : "");
}

static int
add_number(const struct taking *t, struct pos pos, int64_t n)
{
	const struct option_info *o = t->info;
	/* Both 0 is no bounds at all; a most below the least is no upper bound. */
	bool bounded = o->min || o->max, low = n < o->min;
	bool high = o->max >= o->min && n > o->max;
	cleanup_free char *digits = xasprintf("%" PRId64, n);
	cleanup_free char *given = number_text(o, n);
	cleanup_free char *bound = number_text(o, low ? o->min : o->max);

	if (bounded && (low || high))
		return wrong(t, pos, "is %s; the %s is %s", given, low ? "least" : "most",
			bound);
	if (o->type == MSMV_TYPE_SIZE && n < 0)
		return wrong(t, pos, "is %s; a size is not negative", given);
	return add_text(t, pos, NULL, digits);
}

static int
read_number(const struct taking *t, const struct value *v)
{
	bool size = t->info->type == MSMV_TYPE_SIZE;
	const char *wanted = size ? "a size in bytes (64, \"64K\", \"32M\", \"1G\")"
				  : "a whole number";
	int64_t n;

	if (v->kind == VALUE_INT)
		return add_number(t, v->pos, v->integer);
	if (v->kind != VALUE_STRING)
		return wrong_kind(t, v, wanted);
	if ((size ? schema_type_size : plain_number)(v->string.s, &n) < 0)
		return wrong(t, v->pos, "wants %s, not \"%s\"", wanted, v->string.s);
	return add_number(t, v->pos, n);
}

static int
read_bool(const struct taking *t, const struct value *v)
{
	bool yes;

	if (v->kind == VALUE_BOOL)
		yes = v->boolean;
	else if (v->kind == VALUE_STRING && streq(v->string.s, "true"))
		yes = true;
	else if (v->kind == VALUE_STRING && streq(v->string.s, "false"))
		yes = false;
	else if (v->kind == VALUE_STRING)
		return wrong(t, v->pos, "wants true or false, not \"%s\"", v->string.s);
	else
		return wrong_kind(t, v, "true or false");
	return add_text(t, v->pos, NULL, yes ? "1" : "0");
}

/* ---- Types ----------------------------------------------------------- */

static const struct {
	uint32_t type;
	const char *name;
	int (*read)(const struct taking *t, const struct value *v);
} types[] = {
	{ MSMV_TYPE_STRING, "text", read_string },
	{ MSMV_TYPE_INT, "number", read_number },
	{ MSMV_TYPE_BOOL, "true or false", read_bool },
	{ MSMV_TYPE_SIZE, "size", read_number },
	{ MSMV_TYPE_LIST, "list", read_list },
	{ MSMV_TYPE_MAP, "table", read_map },
	{ MSMV_TYPE_PATHS, "paths", read_paths },
};

const char *
schema_type_name(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "unknown";
}

int
schema_type_item(const struct taking *t, const char *item, const struct value *v)
{
	static const char *const bool_text[2] = { "y", "n" };

	if (add_scalar(t, item, v, t->info->type == MSMV_TYPE_MAP ? bool_text : NULL) < 0)
		return -1;
	if (v->key_pos.line)
		t->out->places[t->out->count - 1] = v->key_pos;
	return 0;
}

int
schema_type_take(const struct taking *t, const struct value *v)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == t->info->type)
			return types[i].read(t, v);
	return wrong(t, v->pos, "has a type that this msmv does not know");
}

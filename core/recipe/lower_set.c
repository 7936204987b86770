/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * --set: a word of the command line changes one key of the recipe. The key is read as
 * TOML reads keys, so quoted parts work; the value needs no quotes in the shell.
 */
#include "recipe/lower.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "recipe/toml.h"

static const struct pos nowhere = POS_NONE;

/* Its places are those in the assignment, which no report can show. */
static void
forget_places(struct value *v)
{
	v->pos = v->key_pos = nowhere;
	if (v->kind == VALUE_ARRAY)
		for (size_t i = 0; i < v->array.len; i++)
			forget_places(v->array.v[i]);
	if (v->kind == VALUE_TABLE)
		for (size_t i = 0; i < v->table.len; i++)
			forget_places(v->table.items[i].value);
}

/* No option is a fraction or a date: 6.10 is a version, and stays as it was typed. */
static struct value *
parse_value(const char *text)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct value *v = toml_parse_value(text, strlen(text), &ignored);

	if (v && v->kind != VALUE_FLOAT && v->kind != VALUE_DATETIME) {
		forget_places(v);
		return v;
	}
	value_free(v);
	return value_string(text, strlen(text), nowhere);
}

/* Where the key ends: the first '=' that is in no quotes. NULL if there is none. */
static const char *
find_equals(const char *s)
{
	char quote = '\0';

	for (; *s; s++) {
		if (quote == '"' && *s == '\\' && s[1])
			s++;
		else if (quote)
			quote = *s == quote ? '\0' : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '=')
			return s;
	}
	return NULL;
}

/* A table of one key, of one key, ... down to the value; NULL if it is no key. */
static struct value *
parse_key(const char *key, size_t len)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	cleanup_str struct str text = STR_INIT;

	if (memchr(key, '\n', len) || memchr(key, '#', len))
		return NULL;
	str_addf(&text, "%.*s = 0\n", (int)len, key);
	return toml_parse("--set", str_text(&text), text.len, &ignored);
}

static int
put(struct value *root, const struct value *path, struct value *v, struct err *err)
{
	const struct map_item *step = &path->table.items[0];

	for (; (path = step->value)->kind == VALUE_TABLE; step = &path->table.items[0]) {
		struct value *next = value_get(root, step->key);

		if (!next) {
			next = value_new(VALUE_TABLE, nowhere);
			value_put(root, step->key, next);
		}
		if (next->kind != VALUE_TABLE)
			return err_set(err, "%s is %s in the recipe, not a table",
				step->key, value_kind_name(next->kind));
		root = next;
	}
	value_put(root, step->key, v);
	return 0;
}

int
lower_set(struct value *root, const char *assignment, struct err *err)
{
	const char *equals = find_equals(assignment);
	struct value *path, *v;
	int result;

	path = equals ? parse_key(assignment, (size_t)(equals - assignment)) : NULL;
	if (!path || path->table.len != 1) {
		value_free(path);
		return err_set(err, "wants KEY=VALUE, as in kernel.version=6.12");
	}
	v = parse_value(equals + 1);
	result = put(root, path, v, err);
	if (result < 0)
		value_free(v);
	value_free(path);
	return result;
}

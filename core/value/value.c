/* SPDX-License-Identifier: GPL-3.0-only */
/* Plain ownership: a table or an array owns what is in it, the root owns everything. */
#include "value/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const kind_names[] = {
	[VALUE_STRING] = "a string",
	[VALUE_INT] = "a whole number",
	[VALUE_FLOAT] = "a number with a fraction",
	[VALUE_BOOL] = "a boolean",
	[VALUE_DATETIME] = "a date or time",
	[VALUE_ARRAY] = "an array",
	[VALUE_TABLE] = "a table",
};

struct value *
value_new(enum value_kind kind, struct pos pos)
{
	struct value *v = xcalloc(1, sizeof(*v));

	v->kind = kind;
	v->pos = pos;
	return v;
}

struct value *
value_string(const char *s, size_t len, struct pos pos)
{
	struct value *v = value_new(VALUE_STRING, pos);

	v->string.s = xmalloc(len + 1);
	if (len)
		memcpy(v->string.s, s, len);
	v->string.s[len] = '\0';
	v->string.len = len;
	return v;
}

static void
free_member(void *v)
{
	value_free(v);
}

/* Recurses as deep as the tree is; readers bound that. */
void
value_free(struct value *v)
{
	if (!v)
		return;
	if (v->kind == VALUE_STRING || v->kind == VALUE_DATETIME)
		free(v->string.s);
	if (v->kind == VALUE_ARRAY) {
		for (size_t i = 0; i < v->array.len; i++)
			value_free(v->array.v[i]);
		free(v->array.v);
	}
	if (v->kind == VALUE_TABLE)
		map_release(&v->table, free_member);
	free(v);
}

void
cleanup_valuep(struct value **v)
{
	value_free(*v);
}

void
value_push(struct value *array, struct value *v)
{
	if (array->array.len == array->array.cap) {
		array->array.cap = array->array.cap ? array->array.cap * 2 : 4;
		array->array.v = xreallocarray(array->array.v, array->array.cap,
			sizeof(struct value *));
	}
	array->array.v[array->array.len++] = v;
}

void
value_put(struct value *table, const char *key, struct value *v)
{
	value_free(map_put(&table->table, key, v));
}

struct value *
value_get(const struct value *table, const char *key)
{
	if (!table || table->kind != VALUE_TABLE)
		return NULL;
	return map_get(&table->table, key);
}

struct value *
value_path(const struct value *root, const char *path)
{
	const struct value *at = root;

	for (const char *dot; at && (dot = strchr(path, '.')); path = dot + 1) {
		cleanup_free char *key = xstrndup(path, (size_t)(dot - path));

		at = value_get(at, key);
	}
	return value_get(at, path);
}

const char *
value_kind_name(enum value_kind kind)
{
	return kind_names[kind];
}

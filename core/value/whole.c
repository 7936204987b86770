/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Whole trees: an edit of a recipe is proved by the tree that it must give, which is a
 * copy with one change. All of it recurses as deep as the tree is; readers bound that.
 */
#include "value/value.h"

#include <string.h>

#include "base/mem.h"

struct value *
value_copy(const struct value *v)
{
	struct value *copy;

	if (v->kind == VALUE_STRING || v->kind == VALUE_DATETIME) {
		copy = value_string(v->string.s, v->string.len, v->pos);
		copy->kind = v->kind;
	} else {
		copy = value_new(v->kind, v->pos);
	}
	copy->key_pos = v->key_pos;
	copy->datetime_kind = v->datetime_kind;
	copy->flags = v->flags;
	if (v->kind == VALUE_INT)
		copy->integer = v->integer;
	else if (v->kind == VALUE_FLOAT)
		copy->real = v->real;
	else if (v->kind == VALUE_BOOL)
		copy->boolean = v->boolean;
	else if (v->kind == VALUE_ARRAY)
		for (size_t i = 0; i < v->array.len; i++)
			value_push(copy, value_copy(v->array.v[i]));
	else if (v->kind == VALUE_TABLE)
		for (size_t i = 0; i < v->table.len; i++)
			value_put(copy, v->table.items[i].key,
				value_copy(v->table.items[i].value));
	return copy;
}

static bool
arrays_equal(const struct value *a, const struct value *b)
{
	if (a->array.len != b->array.len)
		return false;
	for (size_t i = 0; i < a->array.len; i++)
		if (!value_equal(a->array.v[i], b->array.v[i]))
			return false;
	return true;
}

static bool
tables_equal(const struct value *a, const struct value *b)
{
	if (a->table.len != b->table.len)
		return false;
	for (size_t i = 0; i < a->table.len; i++) {
		const struct value *other = value_get(b, a->table.items[i].key);

		if (!other || !value_equal(a->table.items[i].value, other))
			return false;
	}
	return true;
}

bool
value_equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_STRING:
	case VALUE_DATETIME:
		return a->string.len == b->string.len &&
			memcmp(a->string.s, b->string.s, a->string.len) == 0;
	case VALUE_INT:
		return a->integer == b->integer;
	case VALUE_FLOAT: /* as bits, or nan would never equal itself */
		/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
		return memcmp(&a->real, &b->real, sizeof(a->real)) == 0 ||
			(a->real != a->real && b->real != b->real);
	case VALUE_BOOL:
		return a->boolean == b->boolean;
	case VALUE_ARRAY:
		return arrays_equal(a, b);
	case VALUE_TABLE:
		return tables_equal(a, b);
	}
	return false;
}

void
value_drop(struct value *table, const char *key)
{
	struct map kept = MAP_INIT;

	for (size_t i = 0; i < table->table.len; i++) {
		struct map_item *item = &table->table.items[i];

		if (streq(item->key, key))
			value_free(item->value);
		else
			map_put(&kept, item->key, item->value);
	}
	map_release(&table->table, NULL);
	table->table = kept;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Trees built by hand: lookups, replacing, order, and ownership (under a leak checker). */
#include "value/value.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

static const struct pos here = { 3, 7, 0 };

static struct value *
integer(int64_t n)
{
	struct value *v = value_new(VALUE_INT, here);

	v->integer = n;
	return v;
}

START_TEST(strings)
{
	cleanup_value struct value *v = value_string("a\0b", 3, here);
	cleanup_value struct value *empty = value_string(NULL, 0, here);

	ck_assert_int_eq(v->kind, VALUE_STRING);
	ck_assert_uint_eq(v->string.len, 3);
	ck_assert_mem_eq(v->string.s, "a\0b", 4);
	ck_assert_int_eq(v->pos.line, 3);
	ck_assert_int_eq(v->pos.column, 7);
	ck_assert_str_eq(empty->string.s, "");
}
END_TEST

START_TEST(arrays)
{
	cleanup_value struct value *a = value_new(VALUE_ARRAY, here);

	for (int i = 0; i < 100; i++)
		value_push(a, integer(i));
	ck_assert_uint_eq(a->array.len, 100);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(a->array.v[i]->integer, i);
}
END_TEST

START_TEST(tables)
{
	cleanup_value struct value *t = value_new(VALUE_TABLE, here);
	cleanup_value struct value *other = integer(1);

	value_put(t, "b", integer(1));
	value_put(t, "a", integer(2));
	value_put(t, "b", integer(3));
	ck_assert_int_eq(value_get(t, "b")->integer, 3);
	ck_assert_uint_eq(t->table.len, 2);
	ck_assert_str_eq(t->table.items[0].key, "b");
	ck_assert_ptr_null(value_get(t, "c"));
	ck_assert_ptr_null(value_get(NULL, "a"));
	ck_assert_ptr_null(value_get(other, "a"));
}
END_TEST

START_TEST(paths)
{
	cleanup_value struct value *root = value_new(VALUE_TABLE, here);
	struct value *kernel = value_new(VALUE_TABLE, here);
	struct value *options = value_new(VALUE_TABLE, here);

	value_put(root, "kernel", kernel);
	value_put(kernel, "options", options);
	value_put(options, "NET", value_string("y", 1, here));
	value_put(root, "", integer(5));
	ck_assert_ptr_eq(value_path(root, "kernel"), kernel);
	ck_assert_str_eq(value_path(root, "kernel.options.NET")->string.s, "y");
	ck_assert_ptr_null(value_path(root, "kernel.options.NET.x"));
	ck_assert_ptr_null(value_path(root, "kernel.none.NET"));
	ck_assert_ptr_null(value_path(root, "kernel."));
	ck_assert_int_eq(value_path(root, "")->integer, 5);
	ck_assert_ptr_null(value_path(NULL, "kernel"));
}
END_TEST

START_TEST(frees_all)
{
	struct value *root = value_new(VALUE_TABLE, here);
	struct value *list = value_new(VALUE_ARRAY, here);
	struct value *date = value_string("2024-02-29", 10, here);

	date->kind = VALUE_DATETIME;
	value_put(root, "list", list);
	value_push(list, value_string("x", 1, here));
	value_push(list, date);
	value_push(list, value_new(VALUE_TABLE, here));
	value_put(list->array.v[2], "y", value_new(VALUE_ARRAY, here));
	value_free(root);
	value_free(NULL);
}
END_TEST

START_TEST(names)
{
	for (int a = VALUE_STRING; a <= VALUE_TABLE; a++) {
		ck_assert_ptr_nonnull(value_kind_name((enum value_kind)a));
		for (int b = VALUE_STRING; b < a; b++)
			ck_assert_str_ne(value_kind_name((enum value_kind)a),
				value_kind_name((enum value_kind)b));
	}
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("value");

	tcase_add_test(c, strings);
	tcase_add_test(c, arrays);
	tcase_add_test(c, tables);
	tcase_add_test(c, paths);
	tcase_add_test(c, frees_all);
	tcase_add_test(c, names);
	return unit_run("value", c);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Lookups find exactly what was put, and walking a map gives the order of putting. */
#include "base/map.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

#define MANY 20000

START_TEST(empty)
{
	struct map m = MAP_INIT;

	ck_assert_ptr_null(map_get(&m, ""));
	map_release(&m, NULL);
	map_release(&m, NULL);
}
END_TEST

START_TEST(put_and_get)
{
	struct map m = MAP_INIT;
	int a, b, c;

	ck_assert_ptr_null(map_put(&m, "a", &a));
	ck_assert_ptr_null(map_put(&m, "", &b));
	ck_assert_ptr_eq(map_put(&m, "a", &c), &a);
	ck_assert_ptr_eq(map_get(&m, "a"), &c);
	ck_assert_ptr_eq(map_get(&m, ""), &b);
	ck_assert_ptr_null(map_get(&m, "A"));
	ck_assert_uint_eq(m.len, 2);
	ck_assert_str_eq(m.items[0].key, "a");
	map_release(&m, NULL);
}
END_TEST

START_TEST(many_in_order)
{
	static int values[MANY];
	struct map m = MAP_INIT;
	char key[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key%d", i * 7919 % MANY);
		ck_assert_ptr_null(map_put(&m, key, &values[i]));
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key%d", i * 7919 % MANY);
		ck_assert_str_eq(m.items[i].key, key);
		ck_assert_ptr_eq(map_get(&m, key), &values[i]);
	}
	ck_assert_ptr_null(map_get(&m, "key"));
	map_release(&m, NULL);
}
END_TEST

START_TEST(owns)
{
	struct map m = MAP_INIT;
	char key[] = "name";

	map_put(&m, key, xstrdup("value"));
	key[0] = 'g';
	ck_assert_str_eq(map_get(&m, "name"), "value");
	ck_assert_ptr_null(map_get(&m, "game"));
	map_release(&m, free);
	ck_assert_uint_eq(m.len, 0);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("map");

	tcase_add_test(c, empty);
	tcase_add_test(c, put_and_get);
	tcase_add_test(c, many_in_order);
	tcase_add_test(c, owns);
	return unit_run("map", c);
}

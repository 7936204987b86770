/* SPDX-License-Identifier: GPL-3.0-only */
/* Options are found by name, place and key, in the order in which they came. */
#include "wire/options.h"

#include "base/mem.h"
#include "unit/unit.h"

static struct request request;
static struct options options;

static void
setup(void)
{
	request_add_option(&request, "map", "b", "1");
	request_add_option(&request, "list", "", "x");
	request_add_option(&request, "map", "a", "2");
	request_add_option(&request, "list", "", "y");
	request_add_option(&request, "map", "b", "3");
	request_add_option(&request, "map", "", "4");
	options_init(&options, &request);
}

static void
teardown(void)
{
	options_release(&options);
	request_release(&request);
}

START_TEST(places)
{
	ck_assert_uint_eq(options_count(&options, "map"), 4);
	ck_assert_uint_eq(options_count(&options, "list"), 2);
	ck_assert_str_eq(options_at(&options, "map", 0)->key, "b");
	ck_assert_str_eq(options_at(&options, "map", 1)->value, "2");
	ck_assert_str_eq(options_at(&options, "list", 1)->value, "y");
	ck_assert_ptr_null(options_at(&options, "list", 2));
}
END_TEST

START_TEST(keys)
{
	ck_assert_str_eq(options_get(&options, "map", "a")->value, "2");
	ck_assert_str_eq(options_get(&options, "map", "b")->value, "1");
	ck_assert_str_eq(options_get(&options, "map", "")->value, "4");
	ck_assert_ptr_null(options_get(&options, "map", "c"));
	ck_assert_ptr_null(options_get(&options, "list", "x"));
}
END_TEST

START_TEST(none)
{
	ck_assert_uint_eq(options_count(&options, "no"), 0);
	ck_assert_ptr_null(options_at(&options, "no", 0));
	ck_assert_ptr_null(options_get(&options, "no", "a"));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("options");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, places);
	tcase_add_test(t, keys);
	tcase_add_test(t, none);
	return unit_run("options", t);
}

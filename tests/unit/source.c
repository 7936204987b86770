/* SPDX-License-Identifier: GPL-3.0-only */
/* Texts are copied, found by their index, and no index leads outside. */
#include "value/source.h"

#include <string.h>

#include "unit/unit.h"

START_TEST(keeps_copies)
{
	struct sources s = SOURCES_INIT, copy = SOURCES_INIT;
	char text[] = "a = 1\n";

	ck_assert_int_eq(sources_add(&s, "one", text, strlen(text)), 0);
	ck_assert_int_eq(sources_add(&s, NULL, NULL, 7), 1);
	memset(text, 'x', sizeof(text) - 1);
	sources_copy(&copy, &s);
	sources_release(&s);
	ck_assert_uint_eq(s.list.len, 0);
	ck_assert_str_eq(sources_get(&copy, 0)->file, "one");
	ck_assert_str_eq(sources_get(&copy, 0)->text, "a = 1\n");
	ck_assert_uint_eq(sources_get(&copy, 0)->len, 6);
	ck_assert_ptr_null(sources_get(&copy, 1)->text);
	ck_assert_uint_eq(sources_get(&copy, 1)->len, 0);
	sources_release(&copy);
}
END_TEST

START_TEST(has_no_more_than_was_added)
{
	struct sources s = SOURCES_INIT;

	ck_assert_ptr_null(sources_get(&s, 0));
	sources_add(&s, "one", "", 0);
	ck_assert_ptr_nonnull(sources_get(&s, 0));
	ck_assert_ptr_null(sources_get(&s, 1));
	ck_assert_ptr_null(sources_get(&s, -1));
	sources_release(&s);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("source");

	tcase_add_test(c, keeps_copies);
	tcase_add_test(c, has_no_more_than_was_added);
	return unit_run("source", c);
}

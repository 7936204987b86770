/* SPDX-License-Identifier: GPL-3.0-only */
/* Strings grow without limit, hold any bytes and end in a NUL. */
#include "base/str.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

START_TEST(empty)
{
	cleanup_str struct str s = STR_INIT;
	char *taken;

	ck_assert_str_eq(str_text(&s), "");
	str_reset(&s);
	taken = str_take(&s);
	ck_assert_str_eq(taken, "");
	free(taken);
}
END_TEST

START_TEST(adds)
{
	cleanup_str struct str s = STR_INIT;

	str_add(&s, "stage ");
	str_addc(&s, '"');
	str_addn(&s, "kernel.build!", 12);
	str_addc(&s, '"');
	str_addf(&s, " took %d.%d s", 4, 1);
	ck_assert_str_eq(str_text(&s), "stage \"kernel.build\" took 4.1 s");
	ck_assert_uint_eq(s.len, strlen(s.p));
}
END_TEST

START_TEST(any_bytes)
{
	cleanup_str struct str s = STR_INIT;

	str_addn(&s, "a\0b", 3);
	str_addn(&s, NULL, 0);
	ck_assert_uint_eq(s.len, 3);
	ck_assert_mem_eq(s.p, "a\0b", 4);
}
END_TEST

START_TEST(long_format)
{
	cleanup_str struct str s = STR_INIT;

	str_add(&s, "<");
	str_addf(&s, "%*s", 100000, "x");
	str_add(&s, ">");
	ck_assert_uint_eq(s.len, 100002);
	ck_assert_str_eq(s.p + 100000, "x>");
}
END_TEST

START_TEST(reset_keeps_memory)
{
	cleanup_str struct str s = STR_INIT;
	size_t cap;

	str_addf(&s, "%*s", 1000, "");
	cap = s.cap;
	str_reset(&s);
	ck_assert_uint_eq(s.len, 0);
	ck_assert_str_eq(str_text(&s), "");
	ck_assert_uint_eq(s.cap, cap);
	str_add(&s, "new");
	ck_assert_str_eq(str_text(&s), "new");
}
END_TEST

START_TEST(taken)
{
	struct str s = STR_INIT;
	char *text;

	str_add(&s, "mine");
	text = str_take(&s);
	ck_assert_str_eq(text, "mine");
	ck_assert_ptr_null(s.p);
	ck_assert_uint_eq(s.len, 0);
	free(text);
}
END_TEST

START_TEST(ends)
{
	ck_assert(str_starts("fetch:https", "fetch:"));
	ck_assert(str_starts("a", ""));
	ck_assert(!str_starts("fet", "fetch"));
	ck_assert(str_ends("a.so", ".so"));
	ck_assert(str_ends("", ""));
	ck_assert(!str_ends("so", ".so"));
	ck_assert(!str_ends("a.so.1", ".so"));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("str");

	tcase_add_test(c, empty);
	tcase_add_test(c, adds);
	tcase_add_test(c, any_bytes);
	tcase_add_test(c, long_format);
	tcase_add_test(c, reset_keeps_memory);
	tcase_add_test(c, taken);
	tcase_add_test(c, ends);
	return unit_run("str", c);
}

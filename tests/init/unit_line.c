/* SPDX-License-Identifier: GPL-3.0-only */
/* Lines are cut where they are full, and never inside an escape. */
#include "unit.h"

#include <limits.h>
#include <string.h>

#include "../../init/line.h"

START_TEST(formats)
{
	struct line l;

	line_clear(&l);
	line_fmt(&l, "%s %d %d %u %%|", "a", -5, INT_MIN, UINT_MAX);
	ck_assert_str_eq(l.text, "a -5 -2147483648 4294967295 %|");
	line_clear(&l);
	line_num(&l, UINT64_MAX, 0);
	line_byte(&l, ' ');
	line_num(&l, 7, 3);
	line_byte(&l, ' ');
	line_num(&l, 0, 0);
	ck_assert_str_eq(l.text, "18446744073709551615 007 0");
	ck_assert_uint_eq(l.len, strlen(l.text));
}
END_TEST

START_TEST(escapes)
{
	struct line l;

	line_clear(&l);
	line_escaped(&l, "a b%\n\377\177~", 0);
	ck_assert_str_eq(l.text, "a%20b%25%0A%FF%7F~");
	line_clear(&l);
	line_escaped(&l, "a b%\n", 1);
	ck_assert_str_eq(l.text, "a b%25%0A");
}
END_TEST

START_TEST(full)
{
	struct line l;

	line_clear(&l);
	for (int i = 0; i < LINE_MAX_TEXT - 1; i++)
		line_byte(&l, 'a');
	line_escaped(&l, "%b", 0);
	ck_assert_uint_eq(l.len, LINE_MAX_TEXT - 1);
	line_str(&l, "bc");
	ck_assert_uint_eq(l.len, LINE_MAX_TEXT);
	ck_assert_str_eq(l.text + LINE_MAX_TEXT - 2, "ab");
	line_num(&l, 12, 4);
	ck_assert_uint_eq(strlen(l.text), LINE_MAX_TEXT);
}
END_TEST

Suite *
line_suite(void)
{
	Suite *s = suite_create("init-line");
	TCase *c = tcase_create("line");

	tcase_add_test(c, formats);
	tcase_add_test(c, escapes);
	tcase_add_test(c, full);
	suite_add_tcase(s, c);
	return s;
}

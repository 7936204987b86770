/* SPDX-License-Identifier: GPL-3.0-only */
/* Numbers and texts as they stand on a person's screen. */
#include "cli/text.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

static const struct {
	uint64_t n;
	const char *text;
} sizes[] = {
	{ 0, "0 B" }, { 1, "1 B" }, { 999, "999 B" }, { 1000, "1.0 KB" }, { 1024, "1.0 KB" },
	{ 9940, "9.9 KB" }, { 9960, "10 KB" }, { 99999, "100 KB" }, { 999499, "999 KB" },
	{ 999500, "1.0 MB" }, { 1000000, "1.0 MB" }, { 99940000, "99.9 MB" },
	{ 99960000, "100 MB" }, { 131600000, "132 MB" }, { 1000000000, "1.0 GB" },
	{ 5000000000000, "5.0 TB" }, { 5000000000000000, "5000 TB" },
	{ UINT64_MAX, "18446744 TB" },
};

START_TEST(size)
{
	cleanup_str struct str s = STR_INIT;

	text_size(&s, sizes[_i].n);
	ck_assert_str_eq(s.p, sizes[_i].text);
}
END_TEST

static const struct {
	int64_t ms;
	const char *text;
} durations[] = {
	{ 0, "0.00 s" }, { 4, "0.00 s" }, { 940, "0.94 s" }, { 994, "0.99 s" }, { 999, "1.0 s" },
	{ 1000, "1.0 s" }, { 9940, "9.9 s" }, { 9960, "10 s" }, { 10000, "10 s" },
	{ 59499, "59 s" }, { 59500, "1:00" }, { 72000, "1:12" }, { 3599499, "59:59" },
	{ 3599500, "1:00:00" }, { 3723000, "1:02:03" }, { 360000000, "100:00:00" },
};

START_TEST(duration)
{
	cleanup_str struct str s = STR_INIT;

	text_duration(&s, durations[_i].ms);
	ck_assert_str_eq(s.p, durations[_i].text);
}
END_TEST

START_TEST(width)
{
	ck_assert_uint_eq(text_width(""), 0);
	ck_assert_uint_eq(text_width("abc"), 3);
	ck_assert_uint_eq(text_width("sch\xc3\xb6n"), 5);
	ck_assert_uint_eq(text_width("\xe2\x86\x92\xf0\x9f\x98\x80"), 2);
}
END_TEST

static const struct {
	const char *text;
	size_t columns;
	const char *cut;
} cuts[] = {
	{ "", 0, "" }, { "abc", 0, "" }, { "abc", 2, "ab" }, { "abc", 3, "abc" }, { "abc", 9, "abc" },
	{ "\xc3\xb6\xc3\xa4", 1, "\xc3\xb6" }, { "\xc3\xb6\xc3\xa4", 2, "\xc3\xb6\xc3\xa4" },
	{ "a\xf0\x9f\x98\x80z", 2, "a\xf0\x9f\x98\x80" },
};

START_TEST(cut)
{
	cleanup_str struct str s = STR_INIT;

	str_add(&s, cuts[_i].text);
	text_cut(&s, cuts[_i].columns);
	ck_assert_str_eq(s.p, cuts[_i].cut);
	ck_assert_uint_eq(s.len, strlen(s.p));
}
END_TEST

/* Neither seven-bit nor eight-bit codes reach a terminal. */
START_TEST(clean)
{
	cleanup_str struct str s = STR_INIT;
	cleanup_str struct str lines = STR_INIT;

	text_clean(&s, "a\033[2Jb\rc\nd\177\xc2\x9b" "31m\xc3\xb6\xc2\xa0");
	ck_assert_str_eq(s.p, "a?[2Jb?c?d??31m\xc3\xb6\xc2\xa0");
	text_clean_lines(&lines, "a\033\n\tb\xc2");
	ck_assert_str_eq(lines.p, "a?\n?b\xc2");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("text");

	tcase_add_loop_test(t, size, 0, (int)ARRAY_LEN(sizes));
	tcase_add_loop_test(t, duration, 0, (int)ARRAY_LEN(durations));
	tcase_add_test(t, width);
	tcase_add_loop_test(t, cut, 0, (int)ARRAY_LEN(cuts));
	tcase_add_test(t, clean);
	return unit_run("text", t);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* A record has one text form, which gives the record back, and no other is taken. */
#include "base/record.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

START_TEST(fields)
{
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "env", "CC");
	record_add(&r, "name", "kernel.build");
	record_add(&r, "env", "MAKE_COMMAND");
	record_addf(&r, "size", "%dM", 64);
	record_add_int(&r, "least", INT64_MIN);
	ck_assert_str_eq(record_get(&r, "env"), "CC");
	ck_assert_str_eq(record_get_nth(&r, "env", 1), "MAKE_COMMAND");
	ck_assert_ptr_null(record_get_nth(&r, "env", 2));
	ck_assert_ptr_null(record_get(&r, "nam"));
	ck_assert_str_eq(record_get(&r, "size"), "64M");
	ck_assert(record_get_int(&r, "least", 0) == INT64_MIN);
}
END_TEST

static const struct {
	const char *text;
	int64_t value;
} numbers[] = {
	{ "0", 0 },
	{ "-12", -12 },
	{ "9223372036854775807", INT64_MAX },
	{ "9223372036854775808", 7 },
	{ "", 7 },
	{ "12x", 7 },
	{ "x", 7 },
};

START_TEST(whole_numbers)
{
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "n", numbers[_i].text);
	ck_assert_int_eq(record_get_int(&r, "n", 7), numbers[_i].value);
	ck_assert_int_eq(record_get_int(&r, "m", 8), 8);
}
END_TEST

START_TEST(sorted)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str s = STR_INIT;

	record_sort(&r);
	record_add(&r, "b", "2");
	record_add(&r, "a", "z");
	record_add(&r, "b", "1");
	record_add(&r, "B", "0");
	record_sort(&r);
	record_write(&r, &s);
	ck_assert_str_eq(str_text(&s), "B=0\na=z\nb=1\nb=2\n");
}
END_TEST

static const char *const values[] = {
	"",
	"plain",
	"two\nlines",
	"\n",
	"\\",
	"\\n is no newline",
	"a=b=c",
	"trailing \\",
	"tab\tand \x01\x7f\xff",
};

START_TEST(round_trip)
{
	cleanup_record struct record r = RECORD_INIT, again = RECORD_INIT;
	cleanup_str struct str s = STR_INIT, t = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	record_add(&r, "before", "x");
	record_add(&r, "value", values[_i]);
	record_add(&r, "after", "y");
	record_write(&r, &s);
	ck_assert_int_eq(record_parse(&again, s.p, s.len, &err), 0);
	ck_assert_uint_eq(again.len, 3);
	ck_assert_str_eq(record_get(&again, "value"), values[_i]);
	record_write(&again, &t);
	ck_assert_str_eq(str_text(&t), str_text(&s));
}
END_TEST

#define TEXT(s) { s, sizeof(s) - 1 }

static const struct {
	const char *text;
	size_t len;
} wrong[] = {
	TEXT("no equals\n"),
	TEXT("=nameless\n"),
	TEXT("a=no newline"),
	TEXT("\n"),
	TEXT("a=b\n\n"),
	TEXT("a=\\x\n"),
	TEXT("a=\\\n"),
	TEXT("a=x\0y\n"),
	TEXT("a\0=x\n"),
};

START_TEST(refused)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(record_parse(&r, wrong[_i].text, wrong[_i].len, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "line "));
}
END_TEST

START_TEST(adds_to_what_is_there)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	record_add(&r, "a", "1");
	ck_assert_int_eq(record_parse(&r, "b=2\n", 4, &err), 0);
	ck_assert_int_eq(record_parse(&r, "", 0, &err), 0);
	ck_assert_uint_eq(r.len, 2);
	ck_assert_int_eq(record_parse(&r, "c=3\nd\n", 6, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "line 2"));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("record");

	tcase_add_test(c, fields);
	tcase_add_loop_test(c, whole_numbers, 0, ARRAY_LEN(numbers));
	tcase_add_test(c, sorted);
	tcase_add_loop_test(c, round_trip, 0, ARRAY_LEN(values));
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(wrong));
	tcase_add_test(c, adds_to_what_is_there);
	return unit_run("record", c);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* What a person sees, byte for byte, also where the source is hostile to a terminal. */
#include "recipe/diag.h"

#include <string.h>

#include "base/str.h"
#include "unit/unit.h"

/* One error at line:column of source. */
static char *
shown(const char *source, int line, int column, const char *message)
{
	cleanup_diags struct diags d = DIAGS_INIT;

	diags_source(&d, "r.toml", source, strlen(source));
	ck_assert_int_eq(
		diag_error(&d, (struct pos){ line, column, 0 }, "%s", message), -1);
	return diags_text(&d);
}

static const struct {
	const char *source;
	int line, column;
	const char *text;
} places[] = {
	/* A word is underlined to its end. */
	{ "a = 1\nverison = 2\n", 2, 1,
		"r.toml:2:1: error: x\n"
		"    2 | verison = 2\n"
		"      | ^~~~~~~\n" },
	/* A string with its quotes, also when one of them is escaped. */
	{ "a = \"b\\\"c\" # d", 1, 5,
		"r.toml:1:5: error: x\n"
		"    1 | a = \"b\\\"c\" # d\n"
		"      |     ^~~~~~\n" },
	/* One that is not closed ends with its line. */
	{ "a = 'b\nc", 1, 5,
		"r.toml:1:5: error: x\n"
		"    1 | a = 'b\n"
		"      |     ^~\n" },
	/* Tabs stay, so that the caret stands right however wide they are. */
	{ "\ta\t= 1", 1, 4,
		"r.toml:1:4: error: x\n"
		"    1 | \ta\t= 1\n"
		"      | \t \t^\n" },
	/* Characters of more than one byte take one column. */
	{ "\xc3\xa4\xe2\x82\xac = \xf0\x9f\x98\x80", 1, 9,
		"r.toml:1:9: error: x\n"
		"    1 | \xc3\xa4\xe2\x82\xac = \xf0\x9f\x98\x80\n"
		"      |      ^\n" },
	/* Control characters and what is no UTF-8 become '?'. */
	{ "a\x1b[31m\xff\xc2\x9b=", 1, 10,
		"r.toml:1:10: error: x\n"
		"    1 | a?[31m?\?\?=\n"
		"      |          ^\n" },
	/* The end of the line and of the text are places too. */
	{ "a =\r\nb", 1, 4,
		"r.toml:1:4: error: x\n"
		"    1 | a =\n"
		"      |    ^\n" },
	{ "a", 2, 1, "r.toml:2:1: error: x\n" },
	{ "", 1, 1,
		"r.toml:1:1: error: x\n"
		"    1 | \n"
		"      | ^\n" },
	{ "a\n", 2, 1,
		"r.toml:2:1: error: x\n"
		"    2 | \n"
		"      | ^\n" },
	/* A column past the line is its end, a line past the text has no source. */
	{ "ab", 1, 99,
		"r.toml:1:99: error: x\n"
		"    1 | ab\n"
		"      |   ^\n" },
	{ "ab", 0, 0, "msmv: error: r.toml: x\n" },
};

START_TEST(place)
{
	cleanup_free char *text =
		shown(places[_i].source, places[_i].line, places[_i].column, "x");

	ck_assert_str_eq(text, places[_i].text);
}
END_TEST

START_TEST(high_line)
{
	cleanup_str struct str source = STR_INIT;
	cleanup_free char *text = NULL;

	for (int i = 1; i < 123456; i++)
		str_addc(&source, '\n');
	str_add(&source, "here");
	text = shown(str_text(&source), 123456, 1, "x");
	ck_assert_str_eq(text,
		"r.toml:123456:1: error: x\n"
		"123456 | here\n"
		"       | ^~~~\n");
}
END_TEST

/* Of a long line the part around the place is shown, and the caret is below it. */
START_TEST(long_line)
{
	cleanup_str struct str source = STR_INIT;
	cleanup_free char *text = NULL;
	const char *line, *caret;

	for (int i = 0; i < 5000; i++)
		str_add(&source, "\xc3\xa4");
	str_add(&source, " HERE ");
	for (int i = 0; i < 5000; i++)
		str_add(&source, "\xc3\xb6");
	text = shown(str_text(&source), 1, 10002, "x");
	ck_assert_uint_lt(strlen(text), 600);
	line = strstr(text, "| ...");
	caret = line ? strstr(line, "^~~~") : NULL;
	ck_assert_ptr_nonnull(caret);
	ck_assert_ptr_nonnull(strstr(line, "...\n"));
	ck_assert_ptr_null(strchr(line, '?'));
	/* Columns up to HERE: bytes less the second ones of 29 letters. */
	line += 2;
	caret = strchr(line, '\n') + 1;
	caret = strchr(caret, '|') + 2;
	ck_assert_uint_eq(strcspn(caret, "^"), strcspn(line, "H") - 29);
}
END_TEST

START_TEST(messages)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *text = NULL;

	diag_hint(&d, "of nothing");
	diags_source(&d, "r.toml", "a = 1\n", 6);
	diag_warning(&d, (struct pos){ 1, 1, 0 }, "%s is old", "a");
	ck_assert(!diags_failed(&d));
	diag_error(&d, (struct pos){ 1, 5, 0 }, "evil \x1b[2J\n");
	diag_hint(&d, "first %d", 1);
	diag_hint(&d, "second\nthird");
	ck_assert(diags_failed(&d));
	text = diags_text(&d);
	ck_assert_str_eq(text,
		"r.toml:1:1: warning: a is old\n"
		"    1 | a = 1\n"
		"      | ^\n"
		"r.toml:1:5: error: evil ?[2J?\n"
		"    1 | a = 1\n"
		"      |     ^\n"
		"      = first 1\n"
		"      = second\n"
		"      = third\n");
}
END_TEST

START_TEST(without_a_source)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *none = diags_text(&d), *text = NULL;

	ck_assert_str_eq(none, "");
	diag_error(&d, (struct pos){ 0, 0, 0 }, "a");
	diag_error(&d, (struct pos){ 2, 3, 0 }, "b");
	text = diags_text(&d);
	ck_assert_str_eq(text, "error: a\n2:3: error: b\n");
}
END_TEST

START_TEST(limit)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *text = NULL;

	for (int i = 0; i < DIAGS_LIMIT + 7; i++) {
		diag_error(&d, (struct pos){ 0, 0, 0 }, "e%d", i);
		diag_hint(&d, "h%d", i);
	}
	ck_assert_uint_eq(d.errors, DIAGS_LIMIT + 7);
	ck_assert_uint_eq(d.list.len, DIAGS_LIMIT);
	text = diags_text(&d);
	ck_assert_ptr_nonnull(strstr(text, "error: e99\n      = h99\nand 7 more\n"));
	ck_assert_ptr_null(strstr(text, "h100"));
}
END_TEST

START_TEST(as_one_error)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_err struct err err = ERR_INIT;

	diag_warning(&d, (struct pos){ 0, 0, 0 }, "only a warning");
	ck_assert_int_eq(diags_err(&d, &err), 0);
	ck_assert_ptr_null(err.msg);
	diag_error(&d, (struct pos){ 0, 0, 0 }, "100%% wrong: %s", "%s");
	ck_assert_int_eq(diags_err(&d, &err), -1);
	ck_assert_str_eq(
		err_msg(&err), "warning: only a warning\nerror: 100% wrong: %s");
}
END_TEST

START_TEST(several_sources)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *text = NULL;
	char source[] = "old\n";

	ck_assert_int_eq(diags_source(&d, "one", source, 4), 0);
	ck_assert_int_eq(diags_source(&d, "two", "new", 3), 1);
	source[0] = 'X';
	diag_error(&d, (struct pos){ 1, 1, 1 }, "x");
	diag_error(&d, (struct pos){ 1, 2, 0 }, "y");
	diag_error(&d, (struct pos){ 1, 1, 2 }, "z");
	text = diags_text(&d);
	ck_assert_str_eq(text,
		"two:1:1: error: x\n    1 | new\n      | ^~~\n"
		"one:1:2: error: y\n    1 | old\n      |  ^~\n"
		"1:1: error: z\n");
}
END_TEST

START_TEST(joined)
{
	cleanup_diags struct diags to = DIAGS_INIT, from = DIAGS_INIT;

	diags_source(&to, "one", "old\n", 4);
	diag_error(&to, (struct pos){ 1, 1, 0 }, "x");
	diag_error(&from, (struct pos){ 1, 1, 0 }, "x");
	diag_error(&from, (struct pos){ 1, 2, 0 }, "x");
	diag_warning(&from, (struct pos){ 1, 1, 0 }, "x");
	diag_hint(&from, "why");
	diags_join(&to, &from);
	ck_assert_uint_eq(to.list.len, 3);
	ck_assert_uint_eq(to.errors, 2);
	ck_assert_uint_eq(to.warnings, 1);
	ck_assert_str_eq(to.list.v[2].hint, "why");
	for (int i = 0; i < 2 * DIAGS_LIMIT; i++)
		diag_error(&from, (struct pos){ i + 1, 1, 0 }, "y");
	diags_join(&to, &from);
	ck_assert_uint_eq(to.list.len, DIAGS_LIMIT);
	ck_assert_uint_ge(to.errors, 2 * DIAGS_LIMIT);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("diag");

	tcase_add_loop_test(c, place, 0, ARRAY_LEN(places));
	tcase_add_test(c, high_line);
	tcase_add_test(c, long_line);
	tcase_add_test(c, messages);
	tcase_add_test(c, without_a_source);
	tcase_add_test(c, limit);
	tcase_add_test(c, as_one_error);
	tcase_add_test(c, several_sources);
	tcase_add_test(c, joined);
	return unit_run("diag", c);
}

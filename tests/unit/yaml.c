/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Plain values by the core schema, places in bytes, the text of errors, limits; and
 * every case of the fuzz target is taken or refused as its name says.
 */
#include "recipe/yaml.h"

#include <dirent.h>
#include <math.h>
#include <string.h>

#include "base/fs.h"
#include "base/str.h"
#include "unit/unit.h"

static struct value *
parsed(const char *text)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	struct value *root = yaml_parse("t", text, strlen(text), &d);
	cleanup_free char *report = diags_text(&d);

	ck_assert_msg(root != NULL, "%s", report);
	ck_assert(!diags_failed(&d));
	return root;
}

/* ---- Plain values ---------------------------------------------------- */

static const struct {
	const char *text;
	enum value_kind kind;
	double number;
} plains[] = {
	{ "true", VALUE_BOOL, 1 }, { "FALSE", VALUE_BOOL, 0 }, { "tRUE", VALUE_STRING, 0 },
	{ "y", VALUE_STRING, 0 }, { "no", VALUE_STRING, 0 }, { "on", VALUE_STRING, 0 },
	{ "7", VALUE_INT, 7 }, { "-7", VALUE_INT, -7 }, { "+7", VALUE_INT, 7 },
	{ "007", VALUE_INT, 7 }, { "0o17", VALUE_INT, 15 }, { "0x1f", VALUE_INT, 31 },
	{ "0o8", VALUE_STRING, 0 }, { "0x", VALUE_STRING, 0 }, { "0b1", VALUE_STRING, 0 },
	{ "-0x1", VALUE_STRING, 0 }, { "1_000", VALUE_STRING, 0 },
	{ "9223372036854775807", VALUE_INT, 9223372036854775807.0 },
	{ "1.5", VALUE_FLOAT, 1.5 }, { "1.", VALUE_FLOAT, 1 }, { ".5", VALUE_FLOAT, .5 },
	{ "-1e3", VALUE_FLOAT, -1000 }, { "1.e-1", VALUE_FLOAT, .1 },
	{ "1e", VALUE_STRING, 0 }, { ".", VALUE_STRING, 0 }, { "+", VALUE_STRING, 0 },
	{ "6.1.2", VALUE_STRING, 0 }, { "12:30:45", VALUE_STRING, 0 },
	{ "2024-01-02", VALUE_STRING, 0 }, { ".inf", VALUE_FLOAT, HUGE_VAL },
	{ "-.INF", VALUE_FLOAT, -HUGE_VAL }, { "inf", VALUE_STRING, 0 },
	{ "\"7\"", VALUE_STRING, 0 }, { "'true'", VALUE_STRING, 0 },
	{ "\"~\"", VALUE_STRING, 0 }, { "<<", VALUE_STRING, 0 },
};

START_TEST(plain)
{
	cleanup_free char *text = xasprintf("a: %s\n", plains[_i].text);
	cleanup_value struct value *root = parsed(text);
	const struct value *v = value_get(root, "a");

	ck_assert_msg(v->kind == plains[_i].kind, "%s: %s", plains[_i].text,
		value_kind_name(v->kind));
	if (v->kind == VALUE_BOOL)
		ck_assert_int_eq(v->boolean, plains[_i].number > 0);
	if (v->kind == VALUE_INT)
		ck_assert_double_eq((double)v->integer, plains[_i].number);
	if (v->kind == VALUE_FLOAT && isfinite(v->real))
		ck_assert_double_eq_tol(v->real, plains[_i].number, 1e-9);
	if (v->kind == VALUE_FLOAT && !isfinite(v->real))
		ck_assert((v->real > 0) == (plains[_i].number > 0));
}
END_TEST

/* ---- Places ---------------------------------------------------------- */

START_TEST(places)
{
	cleanup_value struct value *root = parsed(
		"\xef\xbb\xbf# first\n"
		"\xc3\xa4\xe2\x82\xac: x\r\n"
		"kernel:\n"
		"  url: [\"\xc3\xa4\",\n"
		"    7]\n"
		"  options: &o {NET: y}\n"
		"more: *o\n");
	static const struct {
		const char *path;
		int line, column, key_line, key_column;
	} wanted[] = {
		{ "\xc3\xa4\xe2\x82\xac", 2, 8, 2, 1 },
		{ "kernel", 4, 3, 3, 1 },
		{ "kernel.url", 4, 8, 4, 3 },
		{ "kernel.options", 6, 12, 6, 3 },
		{ "kernel.options.NET", 6, 21, 6, 16 },
		{ "more", 7, 7, 7, 1 },
		{ "more.NET", 6, 21, 6, 16 },
	};
	const struct value *item = value_path(root, "kernel.url")->array.v[1];

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		const struct value *v = value_path(root, wanted[i].path);

		ck_assert_msg(v != NULL, "%s", wanted[i].path);
		ck_assert_msg(v->pos.line == wanted[i].line &&
				v->pos.column == wanted[i].column &&
				v->key_pos.line == wanted[i].key_line &&
				v->key_pos.column == wanted[i].key_column,
			"%s at %d:%d, key at %d:%d", wanted[i].path, v->pos.line,
			v->pos.column, v->key_pos.line, v->key_pos.column);
	}
	ck_assert_int_eq(item->pos.line, 5);
	ck_assert_int_eq(item->pos.column, 5);
}
END_TEST

START_TEST(no_line_but_newline)
{
	/* YAML has lines that end with U+0085; a place counts as an editor does. */
	cleanup_value struct value *root = parsed("a: 1\xc2\x85" "b: 2\nc: 3\n");

	ck_assert_int_eq(value_get(root, "b")->key_pos.line, 1);
	ck_assert_int_eq(value_get(root, "b")->key_pos.column, 7);
	ck_assert_int_eq(value_get(root, "c")->key_pos.line, 2);
}
END_TEST

/* ---- Refusals -------------------------------------------------------- */

static const struct {
	const char *text, *report;
} refusals[] = {
	{ "a: 1\na: 2\n", "t:2:1: error: a is set twice\n    2 | a: 2\n      | ^\n"
			  "      = it is at line 1: a whole number\n" },
	{ "a: &x\n  b: *x\n", "t:2:6: error: *x stands inside of what it names\n" },
	{ "a: *x\n", "t:1:4: error: nothing before here is named &x\n" },
	{ "a: !!str 1\n", "t:1:4: error: a recipe has no tags\n" },
	{ "a: !x {}\n", "t:1:4: error: a recipe has no tags\n" },
	{ "a: ! []\n", "t:1:4: error: a recipe has no tags\n" },
	{ "a: ~\n", "t:1:4: error: ~ is no value here\n" },
	{ "a: null\n", "t:1:4: error: null is no value here\n" },
	{ "a:\nb: 1\n", "t:1:3: error: a value is wanted here\n" },
	{ "1: a\n", "t:1:1: error: the key 1 is no text; put it in quotes\n" },
	{ "true: a\n", "t:1:1: error: the key true is no text; put it in quotes\n" },
	{ "? [a]\n: b\n", "t:1:3: error: a key is a text, not a table or a list\n" },
	{ "x: &a k\n? *a\n: b\n", "t:2:3: error: a key is a text, not an alias\n" },
	{ "?\n: b\n", "error: a key is wanted here\n" },
	{ "\"a\\0b\": 1\n", "t:1:1: error: this key holds a NUL byte\n" },
	{ "&k a: 1\n", "error: a key has no name of its own\n" },
	{ "- a\n", "t:1:1: error: a recipe is a table of sections, not an array\n" },
	{ "a\n", "t:1:1: error: a recipe is a table of sections, not a string\n" },
	{ "a: 1\n---\nb: 1\n", "t:2:1: error: a recipe is one document, not several\n" },
	{ "a: 99999999999999999999\n",
		"t:1:4: error: 99999999999999999999 does not fit 64 bits\n" },
	{ "\xc3\xa4: [1\nb: 2\n", "t:2:2: error: did not find expected ',' or ']'\n" },
	{ "\xc3\xa4: \xff\n", "t:1:5: error: invalid leading UTF-8 octet\n" },
	{ "a: 1\nb: \001\n", "t:2:4: error: control characters are not allowed\n" },
};

START_TEST(refused)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *report = NULL;

	ck_assert_ptr_null(
		yaml_parse("t", refusals[_i].text, strlen(refusals[_i].text), &d));
	ck_assert_uint_eq(d.errors, 1);
	report = diags_text(&d);
	ck_assert_msg(strstr(report, refusals[_i].report) != NULL, "%s", report);
}
END_TEST

/* ---- Limits ---------------------------------------------------------- */

START_TEST(large)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_free char *report = NULL;

	while (text.len <= YAML_SIZE)
		str_add(&text, "# a comment that is of no use to anybody, again and again\n");
	ck_assert_ptr_null(yaml_parse("t", text.p, text.len, &d));
	report = diags_text(&d);
	ck_assert_str_eq(report, "msmv: error: t: larger than 16 MiB; that is no recipe\n");
}
END_TEST

START_TEST(aliases)
{
	/* What an alias stands for may be used often, but not without end. */
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_value struct value *root = NULL;

	str_add(&text, "a: &a {x: 1, y: [2, 3]}\nb: [");
	for (int i = 0; i < 1000; i++)
		str_add(&text, "*a,");
	str_add(&text, "]\n");
	root = parsed(text.p);
	ck_assert_uint_eq(value_get(root, "b")->array.len, 1000);
	ck_assert_int_eq(
		value_path(value_get(root, "b")->array.v[999], "y")->array.v[1]->integer, 3);
	text.len -= 2;
	for (int i = 0; i < 10000; i++)
		str_add(&text, "*a,");
	str_add(&text, "]\n");
	ck_assert_ptr_null(yaml_parse("t", text.p, text.len, &d));
	ck_assert_str_eq(d.list.v[0].message, "aliases stand for more than 1024 KiB");
}
END_TEST

/* ---- The cases of the fuzz target ------------------------------------ */

START_TEST(kept_cases)
{
	cleanup_free char *dir = path_join(getenv("top_srcdir"), "tests/data/fuzz/yaml");
	struct dirent **cases;
	int n = scandir(dir, &cases, NULL, alphasort), seen = 0;

	for (int i = 0; i < n; i++) {
		cleanup_diags struct diags d = DIAGS_INIT;
		cleanup_free char *path = path_join(dir, cases[i]->d_name);
		cleanup_str struct str text = STR_INIT;
		bool good = str_starts(cases[i]->d_name, "good-");
		struct value *root;

		if (good || str_starts(cases[i]->d_name, "bad-")) {
			ck_assert_int_eq(fs_read(path, 1 << 20, &text, NULL), 0);
			root = yaml_parse(path, str_text(&text), text.len, &d);
			ck_assert_msg((root != NULL) == good, "%s", path);
			value_free(root);
			seen++;
		}
		free(cases[i]);
	}
	free(cases);
	ck_assert_int_ge(seen, 20);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("yaml");

	tcase_add_loop_test(c, plain, 0, ARRAY_LEN(plains));
	tcase_add_test(c, places);
	tcase_add_test(c, no_line_but_newline);
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(refusals));
	tcase_add_test(c, large);
	tcase_add_test(c, aliases);
	tcase_add_test(c, kept_cases);
	return unit_run("yaml", c);
}

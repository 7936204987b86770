/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the cases in tests/data/toml cannot say: places of values and keys, the text of
 * errors, and limits.
 */
#include "recipe/toml.h"

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "tools/nasty.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct value *
parsed(const char *text)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	struct value *root = toml_parse("t", text, strlen(text), &d);
	cleanup_free char *report = diags_text(&d);

	ck_assert_msg(root != NULL, "%s", report);
	ck_assert(!diags_failed(&d));
	return root;
}

/* The report on text, of which there must be one. */
static char *
refused(const char *text, size_t len)
{
	cleanup_diags struct diags d = DIAGS_INIT;

	ck_assert_ptr_null(toml_parse("t", text, len, &d));
	ck_assert_uint_eq(d.errors, 1);
	return diags_text(&d);
}

START_TEST(places)
{
	cleanup_value struct value *root = parsed(
		"# first\n"
		"name = 'a'\r\n"
		"\n"
		"[kernel]\n"
		"  url = [\n"
		"    \"x\", 7]\n"
		"  a . 'b c' = { d = true }\n"
		"[[app]]\n");
	static const struct {
		const char *path;
		int line, column, key_line, key_column;
	} wanted[] = {
		{ "name", 2, 8, 2, 1 },
		{ "kernel", 4, 2, 4, 2 },
		{ "kernel.url", 5, 9, 5, 3 },
		{ "kernel.a", 7, 3, 7, 3 },
		{ "kernel.a.b c", 7, 15, 7, 7 },
		{ "kernel.a.b c.d", 7, 21, 7, 17 },
		{ "app", 8, 3, 8, 3 },
	};
	struct value *item;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		const struct value *v = value_path(root, wanted[i].path);

		ck_assert_msg(v != NULL, "%s", wanted[i].path);
		ck_assert_int_eq(v->pos.line, wanted[i].line);
		ck_assert_int_eq(v->pos.column, wanted[i].column);
		ck_assert_int_eq(v->key_pos.line, wanted[i].key_line);
		ck_assert_int_eq(v->key_pos.column, wanted[i].key_column);
	}
	item = value_path(root, "kernel.url")->array.v[1];
	ck_assert_int_eq(item->pos.line, 6);
	ck_assert_int_eq(item->pos.column, 10);
}
END_TEST

/* A table that a longer header made stands where its own header is, once it comes. */
START_TEST(place_of_a_late_header)
{
	cleanup_value struct value *root = parsed("[a.b]\nx = 1\n[a]\ny = 2\n");

	ck_assert_int_eq(value_path(root, "a")->pos.line, 3);
	ck_assert_int_eq(value_path(root, "a")->key_pos.line, 3);
}
END_TEST

START_TEST(order_is_kept)
{
	cleanup_value struct value *root = parsed("z = 1\na = 2\n[m]\nq.y = 1\nq.b = 2\n");
	const struct map *q = &value_path(root, "m.q")->table;

	ck_assert_str_eq(root->table.items[0].key, "z");
	ck_assert_str_eq(root->table.items[1].key, "a");
	ck_assert_str_eq(root->table.items[2].key, "m");
	ck_assert_str_eq(q->items[0].key, "y");
	ck_assert_str_eq(q->items[1].key, "b");
}
END_TEST

START_TEST(nul_bytes)
{
	cleanup_value struct value *root = parsed("\"a\\u0000b\" = \"c\\u0000d\"");
	const struct value *v = value_get(root, "a\xc0\x80" "b");

	ck_assert_ptr_nonnull(v);
	ck_assert_uint_eq(v->string.len, 3);
	ck_assert_mem_eq(v->string.s, "c\0d", 4);
	ck_assert_ptr_null(value_get(root, "a"));
}
END_TEST

START_TEST(numbers)
{
	cleanup_value struct value *root = parsed(
		"a = -9223372036854775808\nb = 0x7fff_ffff_ffff_ffff\nc = 1_0.2_5e+0_1\n"
		"d = -inf\ne = -nan\nf = -0.0\ng = +0\n");

	ck_assert(value_get(root, "a")->integer == INT64_MIN);
	ck_assert(value_get(root, "b")->integer == INT64_MAX);
	ck_assert_double_eq(value_get(root, "c")->real, 102.5);
	ck_assert(isinf(value_get(root, "d")->real) && value_get(root, "d")->real < 0);
	ck_assert(isnan(value_get(root, "e")->real));
	ck_assert(signbit(value_get(root, "f")->real));
	ck_assert_int_eq(value_get(root, "g")->integer, 0);
}
END_TEST

START_TEST(dates)
{
	cleanup_value struct value *root = parsed(
		"a = 1979-05-27t07:32:00.10z\nb = 1979-05-27 07:32:00-07:00\n"
		"c = 1979-05-27 # day\nd = 07:32:60\ne = [2000-02-29 00:00:00, 1]\n");
	static const struct {
		const char *key, *text;
		int kind;
	} wanted[] = {
		{ "a", "1979-05-27T07:32:00.10Z", DT_OFFSET },
		{ "b", "1979-05-27T07:32:00-07:00", DT_OFFSET },
		{ "c", "1979-05-27", DT_DATE },
		{ "d", "07:32:60", DT_TIME },
	};

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		const struct value *v = value_get(root, wanted[i].key);

		ck_assert_int_eq(v->kind, VALUE_DATETIME);
		ck_assert_str_eq(v->string.s, wanted[i].text);
		ck_assert_int_eq(v->datetime_kind, wanted[i].kind);
	}
	ck_assert_int_eq(value_get(root, "e")->array.v[0]->datetime_kind, DT_LOCAL);
}
END_TEST

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *text;
	size_t len;
	const char *report;
} errors[] = {
	{ TEXT("a = hello\n"),
		"t:1:5: error: hello is no value; a text stands in quotes\n"
		"    1 | a = hello\n"
		"      |     ^~~~~\n" },
	{ TEXT("a = True\n"),
		"t:1:5: error: True is no value; a text stands in quotes\n"
		"    1 | a = True\n"
		"      |     ^~~~\n"
		"      = did you mean true?\n" },
	{ TEXT("version = 6.1.2\n"),
		"t:1:11: error: 6.1.2 is no number\n"
		"    1 | version = 6.1.2\n"
		"      |           ^\n"
		"      = a text stands in quotes\n" },
	{ TEXT("[k]\na = 1\nb = 2\na = 3\n"),
		"t:4:1: error: a is set twice\n"
		"    4 | a = 3\n"
		"      | ^\n"
		"      = it is at line 2: a whole number\n" },
	{ TEXT("[a.b]\n[c]\n[a.b]\n"),
		"t:3:4: error: a.b is opened twice\n"
		"    3 | [a.b]\n"
		"      |    ^\n"
		"      = it is at line 1: a table\n" },
	{ TEXT("a = {b = 1}\na.c = 2\n"),
		"t:2:1: error: a is complete and takes no more keys\n"
		"    2 | a.c = 2\n"
		"      | ^\n"
		"      = it is at line 1: a table\n" },
	{ TEXT("a = {\n b = 1 }\n"),
		"t:1:6: error: a table in braces stays on one line\n"
		"    1 | a = {\n"
		"      |      ^\n"
		"      = a longer one is written as [table]\n" },
	{ TEXT("a = \"x\nb = 1\n"),
		"t:1:5: error: this string is not closed\n"
		"    1 | a = \"x\n"
		"      |     ^~\n"
		"      = it ends at the next \" on the same line\n" },
	{ TEXT("a = '''x\nb = 1\n"),
		"t:1:5: error: this string is not closed\n"
		"    1 | a = '''x\n"
		"      |     ^~\n"
		"      = it ends at the next '''\n" },
	{ TEXT("a = \"\\d\"\n"),
		"t:1:6: error: there is no such escape in TOML\n"
		"    1 | a = \"\\d\"\n"
		"      |      ^\n"
		"      = write \\\\ for a backslash, or use '...' where nothing is escaped\n" },
	{ TEXT("a = [1, 2\nb = 3\n"),
		"t:2:1: error: ',' or ']' is wanted here, not 'b'\n"
		"    2 | b = 3\n"
		"      | ^\n"
		"      = the array begins at line 1\n" },
	{ TEXT("a = [1,\n"),
		"t:1:5: error: this array is not closed\n"
		"    1 | a = [1,\n"
		"      |     ^\n" },
	{ TEXT("a = 1 b = 2\n"),
		"t:1:7: error: the end of the line is wanted here, not 'b'\n"
		"    1 | a = 1 b = 2\n"
		"      |       ^\n" },
	{ TEXT("a\n"),
		"t:1:2: error: '=' is wanted here, not the end of the line\n"
		"    1 | a\n"
		"      |  ^\n" },
	{ TEXT("a ="),
		"t:1:4: error: a value is wanted here, not the end\n"
		"    1 | a =\n"
		"      |    ^\n" },
	{ TEXT("\xc3\xa4 = 1"),
		"t:1:1: error: a key is wanted here, not '\xc3\xa4'\n"
		"    1 | \xc3\xa4 = 1\n"
		"      | ^\n" },
	{ TEXT("a = 1\nb = \"\xff\"\n"),
		"t:2:6: error: byte 0xff is not UTF-8\n"
		"    2 | b = \"?\"\n"
		"      |      ^\n"
		"      = TOML files are UTF-8; save this one so\n" },
	{ TEXT("a = 1 # \0\n"),
		"t:1:9: error: control character U+0000 may not stand in TOML\n"
		"    1 | a = 1 # ?\n"
		"      |         ^\n" },
	{ TEXT("a = 1\rb = 2\n"),
		"t:1:6: error: a carriage return without a newline after it\n"
		"    1 | a = 1?b = 2\n"
		"      |      ^\n" },
	{ TEXT("a = 2021-02-29\n"),
		"t:1:5: error: 2021-02-29 is no date or time\n"
		"    1 | a = 2021-02-29\n"
		"      |     ^~~~~~~~~~\n"
		"      = they look like 2024-02-29, 23:59:00 or 2024-02-29T23:59:00Z\n" },
	{ TEXT("a = 9223372036854775808\n"),
		"t:1:5: error: 9223372036854775808 does not fit 64 bits\n"
		"    1 | a = 9223372036854775808\n"
		"      |     ^~~~~~~~~~~~~~~~~~~\n" },
};

START_TEST(error_text)
{
	cleanup_free char *report = refused(errors[_i].text, errors[_i].len);

	ck_assert_str_eq(report, errors[_i].report);
}
END_TEST

/* ---- Limits ---------------------------------------------------------- */

static const struct {
	const char *open, *inner, *close, *before;
} nests[] = {
	{ "[", "", "]", "a = " },
	{ "{a=", "1", "}", "a = " },
	{ "a.", "a = 1", "", "" },
	{ "a.", "a]", "", "[" },
	{ "a.", "a]]", "", "[[" },
};

START_TEST(depth)
{
	for (size_t n = 1; n <= 100000; n *= 10) {
		cleanup_str struct str s = STR_INIT;
		cleanup_diags struct diags d = DIAGS_INIT;
		cleanup_value struct value *v = NULL;

		str_add(&s, nests[_i].before);
		repeat(&s, nests[_i].open, n);
		str_add(&s, nests[_i].inner);
		repeat(&s, nests[_i].close, n);
		v = toml_parse("t", s.p, s.len, &d);
		ck_assert_msg((v != NULL) == (n <= 100), "%zu times %s", n, nests[_i].open);
		if (!v)
			ck_assert_str_eq(d.list.v[0].message,
				"more than 128 levels of tables and arrays");
	}
}
END_TEST

START_TEST(depth_adds_up)
{
	cleanup_str struct str s = STR_INIT;
	cleanup_free char *report = NULL;

	str_add(&s, "[");
	repeat(&s, "a.", 60);
	str_add(&s, "a]\n");
	repeat(&s, "b.", 60);
	str_add(&s, "b = [[[[[[[[]]]]]]]]\n");
	report = refused(s.p, s.len);
	ck_assert_ptr_nonnull(strstr(report, "more than 128 levels"));
}
END_TEST

START_TEST(size)
{
	cleanup_str struct str s = STR_INIT;
	cleanup_free char *report = NULL;
	struct value *v;

	str_add(&s, "a = 1 #");
	repeat(&s, "0123456789abcdef", (TOML_SIZE - 7) / 16);
	repeat(&s, "x", TOML_SIZE - s.len);
	v = parsed(s.p);
	ck_assert_int_eq(value_get(v, "a")->integer, 1);
	value_free(v);
	str_addc(&s, 'x');
	report = refused(s.p, s.len);
	ck_assert_str_eq(report, "msmv: error: t: larger than 16 MiB; that is no recipe\n");
}
END_TEST

/* ---- Size ------------------------------------------------------------ */

/* Under the time limit of the test a reader that is not linear does not get through. */
START_TEST(large)
{
	cleanup_str struct str s = STR_INIT;

	nasty[_i].make(&s, 30000);
	value_free(parsed(s.p));
}
END_TEST

/* ---- Other ways in --------------------------------------------------- */

START_TEST(one_value)
{
	static const struct {
		const char *text;
		int kind; /* -1: refused */
	} cases[] = {
		{ " 'x' ", VALUE_STRING },
		{ "[1, 2]", VALUE_ARRAY },
		{ "{a.b = 1}", VALUE_TABLE },
		{ "64", VALUE_INT },
		{ "", -1 },
		{ "x", -1 },
		{ "1 2", -1 },
		{ "1\n", -1 },
		{ "1 # no", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_diags struct diags d = DIAGS_INIT;
		cleanup_value struct value *v =
			toml_parse_value(cases[i].text, strlen(cases[i].text), &d);

		ck_assert_msg((v ? (int)v->kind : -1) == cases[i].kind, "%s", cases[i].text);
		ck_assert_uint_eq(d.errors, v ? 0 : 1);
	}
}
END_TEST

START_TEST(from_a_file)
{
	cleanup_free char *path = tmpdir_file("r.toml", "\xef\xbb\xbf" "a = 1\nb", 10);
	cleanup_free char *none = tmpdir_path("none.toml");
	cleanup_diags struct diags d = DIAGS_INIT, e = DIAGS_INIT, f = DIAGS_INIT;
	cleanup_free char *report = NULL, *other = NULL;

	ck_assert_ptr_null(toml_parse_file(path, &d));
	report = diags_text(&d);
	ck_assert_ptr_nonnull(strstr(report, "r.toml:2:2: error: '=' is wanted"));
	ck_assert_ptr_null(toml_parse_file(none, &e));
	other = diags_text(&e);
	ck_assert_ptr_nonnull(strstr(other, "none.toml: No such file"));
	ck_assert_ptr_null(toml_parse_file(tmpdir, &f));
	ck_assert_uint_eq(f.errors, 1);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("toml");

	tmpdir_use(c);
	tcase_add_test(c, places);
	tcase_add_test(c, place_of_a_late_header);
	tcase_add_test(c, order_is_kept);
	tcase_add_test(c, nul_bytes);
	tcase_add_test(c, numbers);
	tcase_add_test(c, dates);
	tcase_add_loop_test(c, error_text, 0, ARRAY_LEN(errors));
	tcase_add_loop_test(c, depth, 0, ARRAY_LEN(nests));
	tcase_add_test(c, depth_adds_up);
	tcase_add_test(c, size);
	tcase_add_loop_test(c, large, 0, ARRAY_LEN(nasty));
	tcase_add_test(c, one_value);
	tcase_add_test(c, from_a_file);
	return unit_run("toml", c);
}

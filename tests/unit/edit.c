/* SPDX-License-Identifier: GPL-3.0-only */
/* A change of a recipe's text changes what it must and not a byte more. */
#include "recipe/edit.h"

#include <string.h>

#include "base/mem.h"
#include "recipe/toml.h"
#include "unit/unit.h"

/* One change: keys have '/' between them; value is TOML, NULL to remove. */
struct edit_case {
	const char *before, *keys, *value, *after;
};

static size_t
split(char *text, const char **keys, size_t max)
{
	size_t n = 0;
	char *save;

	for (char *k = strtok_r(text, "/", &save); k && n < max; k = strtok_r(NULL, "/", &save))
		keys[n++] = k;
	return n;
}

/* 0 or -1, and what the text is then. */
static int
changed(const char *file, const char *before, const char *keys, const char *value,
	char **after, struct err *err)
{
	cleanup_edit struct edit e = EDIT_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_value struct value *v =
		value ? toml_parse_value(value, strlen(value), &d) : NULL;
	cleanup_free char *names = xstrdup(keys);
	const char *parts[16];
	size_t n = split(names, parts, ARRAY_LEN(parts));
	int result;

	ck_assert_msg(!value || v, "%s", value);
	ck_assert_int_eq(edit_open(&e, file, before, strlen(before), err), 0);
	result = v ? edit_set(&e, parts, n, v, err) : edit_remove(&e, parts, n, err);
	*after = xstrdup(edit_text(&e));
	ck_assert_uint_eq(strlen(*after), e.text.len);
	return result;
}

static void
check_cases(const char *file, const struct edit_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_err struct err err = ERR_INIT;
		cleanup_free char *after = NULL;

		ck_assert_msg(changed(file, cases[i].before, cases[i].keys, cases[i].value,
				      &after, &err) == 0,
			"%s: %s", cases[i].before, err_msg(&err));
		ck_assert_str_eq(after, cases[i].after);
	}
}

static const struct edit_case replaced[] = {
	{ "a = 1\n", "a", "2", "a = 2\n" },
	{ "a=1", "a", "2", "a=2" },
	{ "  a  =  1  # why\n", "a", "\"x\"", "  a  =  \"x\"  # why\n" },
	{ "a = 'x'\r\nb = 2\r\n", "a", "[1, 2]", "a = [1, 2]\r\nb = 2\r\n" },
	{ "a = \"\"\"\nlong # not a comment\n\"\"\" # after\nb = 1\n", "a", "\"short\"",
		"a = \"short\" # after\nb = 1\n" },
	{ "a = [\n  1, # one\n  2,\n]\n[t]\nb = 2\n", "a", "[]", "a = []\n[t]\nb = 2\n" },
	{ "[kernel.options]\n# sockets\nNET = \"n\"\nUNIX = \"y\"\n", "kernel/options/NET",
		"\"y\"", "[kernel.options]\n# sockets\nNET = \"y\"\nUNIX = \"y\"\n" },
	{ "[kernel]\noptions = { NET = \"n\", UNIX = \"y\" } # all\n", "kernel/options/NET",
		"\"y\"", "[kernel]\noptions = { NET = \"y\", UNIX = \"y\" } # all\n" },
	{ "[kernel]\noptions.NET = \"n\"\n", "kernel/options/NET", "\"y\"",
		"[kernel]\noptions.NET = \"y\"\n" },
	{ "kernel.options = {a.b = 1,c=2}\n", "kernel/options/a/b", "3",
		"kernel.options = {a.b = 3,c=2}\n" },
	{ "[\"a b\".'c.d']\n\"e\\u0066\" = 1\n", "a b/c.d/ef", "2",
		"[\"a b\".'c.d']\n\"e\\u0066\" = 2\n" },
	{ "\xef\xbb\xbf" "a = 1\n", "a", "2", "\xef\xbb\xbf" "a = 2\n" },
	{ "d = 1979-05-27 07:32:00 # day\n", "d", "true", "d = true # day\n" },
	{ "a = 1\n", "a", "{ b = 1, 'c d' = \"\\\"\\u0007\" }",
		"a = { b = 1, \"c d\" = \"\\\"\\u0007\" }\n" },
	/* The same value: not a byte changes. */
	{ "a = 0x10\n", "a", "16", "a = 0x10\n" },
	/* A table by headers becomes a text, and a text a table. */
	{ "# m\n[a]\nx = 1\n\n[b]\ny = 2\n", "a", "\"t\"", "# m\n\na = \"t\"\n\n[b]\ny = 2\n" },
	{ "[[a]]\nx = 1\n[[a]]\nx = 2\n", "a", "[]", "a = []\n" },
	/* Key by key: what stays keeps its comment. */
	{ "[t]\n# one\na = 1\n# two\nb = 2\n", "t", "{ b = 3, c = 4 }",
		"[t]\n# one\n# two\nb = 3\nc = 4\n" },
	{ "t = { a = 1, b = 2 }\n", "t", "{}", "t = {}\n" },
	{ "[t]\na = 1\n[u]\n", "t", "{}", "[t]\n[u]\n" },
};

START_TEST(a_value_where_it_stands)
{
	check_cases("r.toml", replaced, ARRAY_LEN(replaced));
}
END_TEST

static const struct edit_case added[] = {
	{ "", "a", "1", "a = 1\n" },
	{ "", "a/b", "1", "[a]\nb = 1\n" },
	{ "\xef\xbb\xbf", "a", "1", "\xef\xbb\xbf" "a = 1\n" },
	{ "\n", "a/b", "1", "[a]\nb = 1\n\n" },
	{ "# top\n", "a", "1", "# top\na = 1\n" },
	{ "a = 1", "b", "2", "a = 1\nb = 2" },
	{ "a = 1\r\n", "b", "2", "a = 1\r\nb = 2\r\n" },
	{ "a = 1\r\nc = 1", "b", "2", "a = 1\r\nc = 1\r\nb = 2" },
	{ "# SPDX\n\n# about t\n[t]\nx = 1\n", "a", "1",
		"# SPDX\n\na = 1\n\n# about t\n[t]\nx = 1\n" },
	{ "# SPDX\n[t]\nx = 1\n", "a", "1", "# SPDX\na = 1\n\n[t]\nx = 1\n" },
	{ "a = 1\n\n[t]\nx = 1\n", "b", "2", "a = 1\nb = 2\n\n[t]\nx = 1\n" },
	/* After the last key of its table, whatever follows. */
	{ "[t]\n\tx = 1 # one\n# last\n\n# about u\n[u]\n", "t/y", "2",
		"[t]\n\tx = 1 # one\n\ty = 2\n# last\n\n# about u\n[u]\n" },
	{ "[t]\n[u]\nx = 1", "t/y", "2", "[t]\ny = 2\n[u]\nx = 1" },
	{ "[t]\n[u]\nx = 1", "u/y", "2", "[t]\n[u]\nx = 1\ny = 2" },
	/* The ways to write a kernel's options. */
	{ "[kernel]\nurl = \"u\"\n\n[kernel.options]\nNET = \"y\"\n\n[run]\n",
		"kernel/options/UNIX", "\"y\"",
		"[kernel]\nurl = \"u\"\n\n[kernel.options]\nNET = \"y\"\nUNIX = \"y\"\n\n[run]\n" },
	{ "[kernel]\noptions = { NET = \"y\" }\n", "kernel/options/UNIX", "\"y\"",
		"[kernel]\noptions = { NET = \"y\", UNIX = \"y\" }\n" },
	{ "[kernel]\noptions = {}\n", "kernel/options/UNIX", "\"y\"",
		"[kernel]\noptions = { UNIX = \"y\" }\n" },
	{ "[kernel]\noptions.NET = \"y\" # n\nurl = \"u\"\n", "kernel/options/UNIX", "\"y\"",
		"[kernel]\noptions.NET = \"y\" # n\noptions.UNIX = \"y\"\nurl = \"u\"\n" },
	{ "kernel.options.NET = \"y\"\n", "kernel/options/UNIX", "\"y\"",
		"kernel.options.NET = \"y\"\nkernel.options.UNIX = \"y\"\n" },
	{ "kernel = { options.NET = \"y\" }\n", "kernel/options/UNIX", "\"y\"",
		"kernel = { options.NET = \"y\", options.UNIX = \"y\" }\n" },
	{ "kernel = { url = \"u\" }\n", "kernel/options/UNIX", "\"y\"",
		"kernel = { url = \"u\", options.UNIX = \"y\" }\n" },
	{ "kernel = { options = { NET = \"y\" }, url = \"u\" }\n", "kernel/options/UNIX", "\"y\"",
		"kernel = { options = { NET = \"y\", UNIX = \"y\" }, url = \"u\" }\n" },
	{ "[kernel]\nurl = \"u\"\n# end\n\n[run]\n", "kernel/options/NET", "\"y\"",
		"[kernel]\nurl = \"u\"\n# end\n\n[kernel.options]\nNET = \"y\"\n\n[run]\n" },
	{ "[kernel]\nurl = \"u\"\n[run]\n", "kernel/options/NET", "\"y\"",
		"[kernel]\nurl = \"u\"\n\n[kernel.options]\nNET = \"y\"\n\n[run]\n" },
	{ "[kernel]\nurl = \"u\"\n# about run\n[run]\n", "kernel/options/NET", "\"y\"",
		"[kernel]\nurl = \"u\"\n\n[kernel.options]\nNET = \"y\"\n\n# about run\n[run]\n" },
	{ "[kernel]\nurl = \"u\"\n", "kernel/options", "{ NET = \"y\", UNIX = \"y\" }",
		"[kernel]\nurl = \"u\"\n\n[kernel.options]\nNET = \"y\"\nUNIX = \"y\"\n" },
	{ "[run]\nmemory = \"64M\"", "kernel/options/NET", "\"y\"",
		"[run]\nmemory = \"64M\"\n\n[kernel.options]\nNET = \"y\"" },
	/* The table is there by longer headers alone. */
	{ "# k\n\n# options\n[kernel.options]\nNET = \"y\"\n", "kernel/url", "\"u\"",
		"# k\n\n[kernel]\nurl = \"u\"\n\n# options\n[kernel.options]\nNET = \"y\"\n" },
	{ "[a.b]\nx = 1\n[c]\n[a.d]\ny = 1\n", "a/e/z", "1",
		"[a.b]\nx = 1\n[c]\n[a.d]\ny = 1\n\n[a.e]\nz = 1\n" },
	{ "[t]\nx = 1\n", "t/a b", "\"\xc3\xbc\"", "[t]\nx = 1\n\"a b\" = \"\xc3\xbc\"\n" },
	{ "[t]\nx = 1\n", "t/e", "{}", "[t]\nx = 1\n\n[t.e]\n" },
	{ "[t]\nx = 1\n[[t.many]]\na = 1\n", "t/y", "2", "[t]\nx = 1\ny = 2\n[[t.many]]\na = 1\n" },
};

START_TEST(a_key_that_was_not_there)
{
	check_cases("r.toml", added, ARRAY_LEN(added));
}
END_TEST

static const struct edit_case removed[] = {
	{ "a = 1\nb = 2\n", "a", NULL, "b = 2\n" },
	{ "a = 1\nb = [\n1,\n] # x\nc = 3\n", "b", NULL, "a = 1\nc = 3\n" },
	{ "a = 1\n", "b", NULL, "a = 1\n" },
	{ "a = 1\n", "b/c/d", NULL, "a = 1\n" },
	{ "t = { a = 1, b = 2, c = 3 }\n", "t/a", NULL, "t = { b = 2, c = 3 }\n" },
	{ "t = { a = 1, b = 2, c = 3 }\n", "t/b", NULL, "t = { a = 1, c = 3 }\n" },
	{ "t = { a = 1, b = 2, c = 3 }\n", "t/c", NULL, "t = { a = 1, b = 2 }\n" },
	{ "t = { a = 1 }\n", "t/a", NULL, "t = {}\n" },
	{ "t = {x.a = 1,b=2 ,x.c = 3}\n", "t/x", NULL, "t = {b=2}\n" },
	{ "[t]\na = 1\n\n# u is\n[u]\nb = 2\n\n[v]\n", "u", NULL, "[t]\na = 1\n\n# u is\n\n[v]\n" },
	{ "[t]\na = 1\n\n[u]\nb = 2\n\n[u.x]\n\n[v]\n", "u", NULL, "[t]\na = 1\n\n[v]\n" },
	{ "[kernel]\no.A = 1\no.B = 2\nu = 3\n", "kernel/o", NULL, "[kernel]\nu = 3\n" },
	/* The key alone made the table: it goes too, and nobody minds. */
	{ "o.A = 1\nu = 3\n", "o/A", NULL, "u = 3\n" },
	{ "[[a]]\nx = 1\n[b]\n[[a]]\n", "a", NULL, "[b]\n" },
};

START_TEST(a_key_that_goes)
{
	check_cases("r.toml", removed, ARRAY_LEN(removed));
}
END_TEST

static const struct edit_case yaml[] = {
	{ "a: 1\n", "a", "2", "a: 2\n" },
	{ "a:   x   # why\nb: 1\n", "a", "\"yes\"", "a:   \"yes\"   # why\nb: 1\n" },
	{ "a: \"x\"", "a", "['b', 1]", "a: [b, 1]" },
	{ "\"\xc3\xbc\": 'x' # \xc3\xbc\n", "\xc3\xbc", "2", "\"\xc3\xbc\": 2 # \xc3\xbc\n" },
	{ "a: |\n  one\n  two\nb: 1\n", "a", "\"x\"", "a: x\nb: 1\n" },
	{ "a:\n  - 1\n  - 2\nb: 1\n", "a", "[]", "a: []\nb: 1\n" },
	{ "kernel:\r\n  options:\r\n    # sockets\r\n    NET: n # no\r\n    UNIX: y\r\n",
		"kernel/options/NET", "\"y\"",
		"kernel:\r\n  options:\r\n    # sockets\r\n    NET: \"y\" # no\r\n    UNIX: y\r\n" },
	{ "kernel:\n  options: { NET: n }\n", "kernel/options/NET", "\"x\"",
		"kernel:\n  options: { NET: x }\n" },
	{ "kernel:\n  options: { NET: n }\n", "kernel/options/UNIX", "\"x\"",
		"kernel:\n  options: { NET: n, UNIX: x }\n" },
	{ "kernel:\n  options: {}\n", "kernel/options/UNIX", "\"x\"",
		"kernel:\n  options: {UNIX: x}\n" },
	{ "kernel:\n  options:\n    NET: n # no\n\n# about run\nrun:\n  memory: 64M\n",
		"kernel/options/UNIX", "\"x\"",
		"kernel:\n  options:\n    NET: n # no\n    UNIX: x\n\n# about run\nrun:\n  memory: 64M\n" },
	{ "kernel:\n    url: u\nrun: false\n", "kernel/options/UNIX", "\"x\"",
		"kernel:\n    url: u\n    options:\n      UNIX: x\nrun: false\n" },
	{ "run: false", "kernel/options/UNIX", "\"x\"",
		"run: false\n\nkernel:\n  options:\n    UNIX: x" },
	{ "# top\n", "a", "1", "# top\na: 1\n" },
	{ "\xef\xbb\xbf" "a: 1\n", "b", "2", "\xef\xbb\xbf" "a: 1\nb: 2\n" },
	{ "a:\n- 1\n- x: 2\n  y: |\n    t\n\n# end\n", "b", "2",
		"a:\n- 1\n- x: 2\n  y: |\n    t\nb: 2\n\n# end\n" },
	{ "a: 1\n# two\nb:\n  - 1\nc: 3\n", "b", NULL, "a: 1\n# two\nc: 3\n" },
	{ "t:\n  a: 1\nb: 2\n", "t/a", NULL, "t: {}\nb: 2\n" },
	{ "t: { a: 1, b: 2, c: 3 }\n", "t/a", NULL, "t: { b: 2, c: 3 }\n" },
	{ "t: { a: 1, b: 2, c: 3 }\n", "t/c", NULL, "t: { a: 1, b: 2 }\n" },
	{ "t: { a: 1 }\n", "t/a", NULL, "t: {  }\n" },
	{ "a: 1\n", "a", NULL, "" },
	{ "t:\n  # one\n  a: 1\n  b: 2\n", "t", "{ b = 3, c = 4 }", "t:\n  # one\n  b: 3\n  c: 4\n" },
};

START_TEST(yaml_likewise)
{
	check_cases("r.yaml", yaml, ARRAY_LEN(yaml));
	check_cases("r.yml", yaml, 1);
}
END_TEST

/* What has a name stands for more than itself. */
START_TEST(names_in_yaml)
{
	static const struct {
		const char *text, *keys;
	} cases[] = {
		{ "a: &x 1\nb: *x\n", "a" },
		{ "a: &x { c: 1 }\nb: *x\n", "a/c" },
		{ "a: &x { c: 1 }\nb: *x\n", "b/c" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_err struct err err = ERR_INIT;
		cleanup_free char *after = NULL;

		ck_assert_int_eq(changed("r.yaml", cases[i].text, cases[i].keys, "7", &after,
			&err), -1);
		ck_assert_str_eq(after, cases[i].text);
		ck_assert_msg(strstr(err_msg(&err), "write it by hand") != NULL, "%s",
			err_msg(&err));
	}
}
END_TEST

/* The file as it was, and words that name the place. */
static const struct {
	const char *before, *keys, *value, *says;
} refused[] = {
	{ "[[app]]\nx = 1\n", "app/x", "2", "r.toml:1: app is an array" },
	{ "a = 1\n", "a/b/c", "2", "r.toml:1: a is a whole number, so b cannot stand in it" },
	{ "[t]\nx = 'a'\n", "t/x/y", NULL, "r.toml:2: t.x is a string" },
};

START_TEST(what_cannot_be)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		cleanup_err struct err err = ERR_INIT;
		cleanup_free char *after = NULL;

		ck_assert_int_eq(changed("r.toml", refused[i].before, refused[i].keys,
					 refused[i].value, &after, &err),
			-1);
		ck_assert_str_eq(after, refused[i].before);
		ck_assert_msg(strstr(err_msg(&err), refused[i].says) != NULL, "%s",
			err_msg(&err));
	}
}
END_TEST

/* A table of which one key cannot be set is not set by half. */
START_TEST(all_or_nothing)
{
	static const char *const keys[] = { "t" };
	static const char before[] = "[t]\na = 1\n";
	cleanup_edit struct edit e = EDIT_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_value struct value *v = value_new(VALUE_TABLE, POS_NONE);

	value_put(v, "a", value_string("good", 4, POS_NONE));
	value_put(v, "b", value_string("\xff", 1, POS_NONE));
	ck_assert_int_eq(edit_open(&e, "r.toml", before, strlen(before), &err), 0);
	ck_assert_int_eq(edit_set(&e, keys, 1, v, &err), -1);
	ck_assert_str_eq(edit_text(&e), before);
	ck_assert_int_eq((int)value_path(e.root, "t.a")->integer, 1);
}
END_TEST

START_TEST(no_recipe)
{
	cleanup_edit struct edit e = EDIT_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(edit_open(&e, "r.toml", "a = \n", 5, &err), -1);
	ck_assert_msg(strstr(err_msg(&err), "r.toml:1:5: error: ") != NULL, "%s", err_msg(&err));
	ck_assert_ptr_null(e.root);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("edit");

	tcase_add_test(t, a_value_where_it_stands);
	tcase_add_test(t, a_key_that_was_not_there);
	tcase_add_test(t, a_key_that_goes);
	tcase_add_test(t, yaml_likewise);
	tcase_add_test(t, names_in_yaml);
	tcase_add_test(t, what_cannot_be);
	tcase_add_test(t, all_or_nothing);
	tcase_add_test(t, no_recipe);
	return unit_run("edit", t);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* One value into one option: what is taken, as which text, and what is said if not. */
#include "recipe/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"
#include "recipe/schema_type.h"
#include "unit/unit.h"

static const struct pos here = { 3, 7, 0 };

static const struct {
	const char *text;
	int64_t bytes; /* -1: refused */
} sizes[] = {
	{ "0", 0 },
	{ "64", 64 },
	{ "64K", 65536 },
	{ "32M", 33554432 },
	{ "1G", 1073741824 },
	{ "2T", 2199023255552 },
	{ "8388607T", 9223370937343148032 },
	{ "8388608T", -1 },
	{ "9223372036854775808", -1 },
	{ "", -1 },
	{ "K", -1 },
	{ "64k", -1 },
	{ "64KB", -1 },
	{ "64 K", -1 },
	{ " 64", -1 },
	{ "+64", -1 },
	{ "1.5G", -1 },
	{ "0x10", -1 },
};

START_TEST(size)
{
	int64_t bytes = 0;
	int result = schema_type_size(sizes[_i].text, &bytes);

	ck_assert_msg((result < 0) == (sizes[_i].bytes < 0), "%s gives %d",
		sizes[_i].text, result);
	if (result == 0)
		ck_assert_int_eq(bytes, sizes[_i].bytes);
}
END_TEST

/* ---- Scalars --------------------------------------------------------- */

static struct value *
text(const char *s)
{
	return value_string(s, strlen(s), here);
}

static struct value *
integer(int64_t n)
{
	struct value *v = value_new(VALUE_INT, here);

	v->integer = n;
	return v;
}

static struct value *
boolean(bool yes)
{
	struct value *v = value_new(VALUE_BOOL, here);

	v->boolean = yes;
	return v;
}

static const struct {
	uint32_t type;
	const char *choices;
	int64_t min, max;
	char kind; /* of the value: t(ext) i(nteger) b(oolean) f(loat) */
	const char *value;
	const char *want; /* a text, or after a ! what the report holds */
} takes[] = {
	{ MSMV_TYPE_STRING, NULL, 0, 0, 't', "a b", "a b" },
	{ MSMV_TYPE_STRING, NULL, 0, 0, 't', "", "" },
	{ MSMV_TYPE_STRING, NULL, 0, 0, 'i', "6", "6" },
	{ MSMV_TYPE_STRING, NULL, 0, 0, 'f', "6.1", "!wants a text; put it in quotes" },
	{ MSMV_TYPE_STRING, NULL, 0, 0, 'b', "1", "!wants a text, not a boolean" },
	{ MSMV_TYPE_STRING, "xz|zstd", 0, 0, 't', "zstd", "zstd" },
	{ MSMV_TYPE_STRING, "xz|zstd", 0, 0, 't', "z",
		"!is \"z\", which is none of xz|zstd" },
	{ MSMV_TYPE_STRING, "xz|zstd", 0, 0, 't', "zsdt", "!did you mean zstd?" },
	{ MSMV_TYPE_STRING, "xz|zstd", 0, 0, 't', "xz|zstd", "!none of xz|zstd" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 'i', "-5", "-5" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 't', "-5", "-5" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 't', "007", "7" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 't', "5x", "!wants a whole number, not \"5x\"" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 't', "", "!wants a whole number, not \"\"" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 't', "64K", "!wants a whole number, not \"64K\"" },
	{ MSMV_TYPE_INT, NULL, 0, 0, 'b', "1", "!wants a whole number, not a boolean" },
	{ MSMV_TYPE_INT, NULL, 1, 9, 'i', "1", "1" },
	{ MSMV_TYPE_INT, NULL, 1, 9, 'i', "9", "9" },
	{ MSMV_TYPE_INT, NULL, 1, 9, 'i', "0", "!is 0 s; the least is 1 s" },
	{ MSMV_TYPE_INT, NULL, 1, 9, 't', "10", "!is 10 s; the most is 9 s" },
	{ MSMV_TYPE_INT, NULL, 1, 0, 'i', "99", "99" },
	{ MSMV_TYPE_INT, NULL, 1, 0, 'i', "0", "!is 0 s; the least is 1 s" },
	{ MSMV_TYPE_INT, NULL, -2, 0, 'i', "1", "!is 1 s; the most is 0 s" },
	{ MSMV_TYPE_INT, "1|2", 0, 0, 'i', "3", "!is \"3\", which is none of 1|2" },
	{ MSMV_TYPE_SIZE, NULL, 0, 0, 'i', "64", "64" },
	{ MSMV_TYPE_SIZE, NULL, 0, 0, 't', "64K", "65536" },
	{ MSMV_TYPE_SIZE, NULL, 0, 0, 'i', "-1", "!is -1 s; a size is not negative" },
	{ MSMV_TYPE_SIZE, NULL, 1024, 4096, 't', "8K", "!is 8K; the most is 4K" },
	{ MSMV_TYPE_SIZE, NULL, 0, 0, 't', "much", "!wants a size in bytes" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 'b', "1", "1" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 'b', "0", "0" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 't', "true", "1" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 't', "false", "0" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 't', "y", "!wants true or false, not \"y\"" },
	{ MSMV_TYPE_BOOL, NULL, 0, 0, 'i', "1",
		"!wants true or false, not a whole number" },
	{ MSMV_TYPE_LIST, NULL, 0, 0, 't', "one", "one" },
	{ MSMV_TYPE_LIST, "a|b", 0, 0, 't', "c", "!none of a|b" },
	{ MSMV_TYPE_MAP, NULL, 0, 0, 't', "a=b", "!wants a table of names and texts" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "", "!holds an empty path" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "bin/../include/./", "/usr/include" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "/usr/include", "/usr/include" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "../etc/./passwd",
		"!names ../etc/./passwd, which is outside the recipe's folder" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "/etc/passwd",
		"!names /etc/passwd, which is outside the recipe's folder" },
	{ MSMV_TYPE_PATHS, NULL, 0, 0, 't', "no/such",
		"!names no/such, which is not there" },
	{ 99, NULL, 0, 0, 't', "", "!has a type that this msmv does not know" },
};

static struct value *
make_value(char kind, const char *s)
{
	switch (kind) {
	case 't':
		return text(s);
	case 'i':
		return integer(atoll(s));
	case 'b':
		return boolean(atoi(s) != 0);
	default:
		return value_new(VALUE_FLOAT, here);
	}
}

static struct option_info
option(uint32_t type)
{
	static char name[] = "opt", unit[] = "s";

	return (struct option_info){
		.name = name, .type = type, .unit = unit, .flags = 2
	};
}

START_TEST(take_one)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct schema schema = { &diags, "/usr" };
	struct option_info o = option(takes[_i].type);
	struct value *v = make_value(takes[_i].kind, takes[_i].value);
	struct stage *s = stage_new("s", NULL);
	cleanup_free char *choices =
		takes[_i].choices ? xstrdup(takes[_i].choices) : NULL;
	cleanup_free char *report = NULL;
	int result;

	o.choices = choices;
	o.min = takes[_i].min;
	o.max = takes[_i].max;
	result = schema_take(&schema, "[s]", "opt", &o, v, s);
	report = diags_text(&diags);
	if (*takes[_i].want == '!') {
		ck_assert_int_eq(result, -1);
		ck_assert_uint_eq(diags.errors, 1);
		ck_assert_msg(strstr(report, takes[_i].want + 1) != NULL, "%s", report);
		ck_assert_msg(
			strstr(report, "3:7: error: [s] opt ") != NULL, "%s", report);
	} else {
		ck_assert_msg(result == 0, "%s", report);
		ck_assert_uint_eq(s->options.len, 1);
		ck_assert_uint_eq(s->options.v[0].count, 1);
		ck_assert_uint_eq(s->options.v[0].flags, 2);
		ck_assert_str_eq(s->options.v[0].values[0], takes[_i].want);
	}
	value_free(v);
	stage_free(s);
}
END_TEST

START_TEST(take_map)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct schema schema = { &diags, "/usr" };
	struct option_info o = option(MSMV_TYPE_MAP);
	struct value *v = value_new(VALUE_TABLE, here);
	struct stage *s = stage_new("s", NULL);
	static const char *const want[][2] = { { "NET", "n" }, { "CPUS", "4" },
		{ "SMP", "y" }, { "USB", "n" } };

	value_put(v, "NET", text("n"));
	value_put(v, "CPUS", integer(4));
	value_put(v, "SMP", boolean(true));
	value_put(v, "USB", boolean(false));
	ck_assert_int_eq(schema_take(&schema, "[s]", "opt", &o, v, s), 0);
	ck_assert_uint_eq(s->options.v[0].count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		ck_assert_str_eq(s->options.v[0].keys[i], want[i][0]);
		ck_assert_str_eq(s->options.v[0].values[i], want[i][1]);
	}
	value_free(v);
	stage_free(s);
}
END_TEST

START_TEST(nul_byte)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct schema schema = { &diags, "/usr" };
	struct option_info o = option(MSMV_TYPE_STRING);
	struct value *v = value_string("a\0b", 3, here);
	struct stage *s = stage_new("s", NULL);

	ck_assert_int_eq(schema_take(&schema, "[s]", "opt", &o, v, s), -1);
	ck_assert_str_eq(diags.list.v[0].message, "[s] opt holds a NUL byte");
	value_free(v);
	stage_free(s);
}
END_TEST

/* ---- Defaults -------------------------------------------------------- */

static void
add_option(struct plugin_info *p, const char *name, uint32_t type, const char *fallback,
	uint32_t flags)
{
	struct option_info o = { .name = xstrdup(name), .type = type, .flags = flags };

	o.fallback = fallback ? xstrdup(fallback) : NULL;
	vec_push(&p->options, o);
}

START_TEST(complete)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct schema schema = { &diags, "/usr" };
	struct plugin_info *p = xcalloc(1, sizeof(*p));
	struct stage *s = stage_new("s", p);

	p->name = xstrdup("p");
	add_option(p, "given", MSMV_TYPE_INT, "1", 0);
	add_option(p, "size", MSMV_TYPE_SIZE, "4K", 0);
	add_option(p, "on", MSMV_TYPE_BOOL, "true", 0);
	add_option(p, "list", MSMV_TYPE_LIST, "", 0);
	add_option(p, "unset", MSMV_TYPE_STRING, NULL, 0);
	add_option(p, "url", MSMV_TYPE_LIST, NULL, MSMV_OPT_REQUIRED);
	add_option(p, "lie", MSMV_TYPE_INT, "many", 0);
	stage_option_add(stage_add_option(s, "given", MSMV_TYPE_INT, 0), NULL, "7");
	ck_assert_int_eq(schema_complete(&schema, "[s]", here, s), -1);
	ck_assert_str_eq(stage_option_get(s, "given")->values[0], "7");
	ck_assert_str_eq(stage_option_get(s, "size")->values[0], "4096");
	ck_assert_int_eq(stage_option_get(s, "size")->pos.line, 0);
	ck_assert_str_eq(stage_option_get(s, "on")->values[0], "1");
	ck_assert_uint_eq(stage_option_get(s, "list")->count, 0);
	ck_assert_ptr_null(stage_option_get(s, "unset"));
	ck_assert_uint_eq(diags.errors, 2);
	ck_assert_str_eq(diags.list.v[0].message, "[s] url is missing");
	ck_assert_str_eq(diags.list.v[1].message,
		"plugin p: the default of lie wants a whole number, not \"many\"");
	stage_free(s);
	plugin_info_free(p);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("schema");

	tcase_add_loop_test(c, size, 0, ARRAY_LEN(sizes));
	tcase_add_loop_test(c, take_one, 0, ARRAY_LEN(takes));
	tcase_add_test(c, take_map);
	tcase_add_test(c, nul_byte);
	tcase_add_test(c, complete);
	return unit_run("schema", c);
}

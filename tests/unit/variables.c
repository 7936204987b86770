/* SPDX-License-Identifier: GPL-3.0-only */
/* What is put in, what is left alone, and that no text grows without end. */
#include "recipe/variables.h"

#include <string.h>

#include "base/str.h"
#include "recipe/toml.h"
#include "unit/unit.h"

static int
expanded(const char *text, struct value **root, char **report)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	int result;

	*root = toml_parse("t", text, strlen(text), &d);
	ck_assert_ptr_nonnull(*root);
	result = variables_expand(*root, "aarch64", &d);
	ck_assert_int_eq(result, diags_failed(&d) ? -1 : 0);
	*report = diags_text(&d);
	return result;
}

static const struct {
	const char *text, *want;
} texts[] = {
	{ "{{a}}", "A" }, { "x{{a}}y{{n}}z", "xAy7z" }, { "{{a}}{{a}}", "AA" },
	{ "{{both}}", "A-7-aarch64" }, { "{{arch}}", "aarch64" }, { "{{name}}", "box" },
	{ "{{_x1}}", "" }, { "", "" },
	/* Only one level: what was put in is not looked at. */
	{ "{{tricky}}", "{{a}}" },
	/* Left alone. */
	{ "{a}", "{a}" }, { "{{ a }}", "{{ a }}" }, { "{{a}", "{{a}" }, { "{{}}", "{{}}" },
	{ "{{1a}}", "{{1a}}" }, { "{{a-b}}", "{{a-b}}" }, { "{{", "{{" }, { "}}", "}}" },
	{ "{{{a}}}", "{A}" }, { "{{{{", "{{{{" }, { "{{{{ a }}}}", "{{{{ a }}}}" },
	/* The braces themselves. */
	{ "{{{{a}}}}", "{{a}}" }, { "{{{{nothing}}}}", "{{nothing}}" },
	{ "{{{{{a}}}}}", "{{{a}}}" },
};

START_TEST(one_text)
{
	cleanup_free char *report = NULL;
	cleanup_free char *recipe = xasprintf("[general]\nname = 'box'\n[variables]\n"
		"a = 'A'\nn = 7\nboth = '{{a}}-{{n}}-{{arch}}'\n_x1 = ''\n"
		"tricky = '{{{{a}}}}'\n[x]\nlist = [['%s']]\n'{{a}}' = 1\n", texts[_i].text);
	cleanup_value struct value *root = NULL;
	int result = expanded(recipe, &root, &report);
	const struct value *v;

	ck_assert_msg(result == 0, "%s", report);
	v = value_path(root, "x.list")->array.v[0]->array.v[0];
	ck_assert_str_eq(v->string.s, texts[_i].want);
	ck_assert_uint_eq(v->string.len, strlen(texts[_i].want));
	ck_assert_int_eq(v->pos.line, 10);
	/* Keys are no texts, and [variables] stays as it was written. */
	ck_assert_ptr_nonnull(value_path(root, "x.{{a}}"));
	ck_assert_str_eq(value_path(root, "variables.tricky")->string.s, "{{{{a}}}}");
}
END_TEST

START_TEST(name_of_variables)
{
	cleanup_free char *report = NULL;
	cleanup_value struct value *root = NULL;

	ck_assert_int_eq(expanded("general.name = 'n-{{v}}-{{arch}}'\nvariables.v = 1\n"
				  "x = '<{{name}}>'\n", &root, &report), 0);
	ck_assert_str_eq(value_path(root, "general.name")->string.s, "n-1-aarch64");
	ck_assert_str_eq(value_path(root, "x")->string.s, "<n-1-aarch64>");
}
END_TEST

static const struct {
	const char *text, *report;
} refusals[] = {
	{ "x = '{{versoin}}'\nvariables.version = 1\n",
		"t:1:5: error: there is no variable versoin\n    1 | x = '{{versoin}}'\n"
		"      |     ^~~~~~~~~~~~~\n      = did you mean version?\n" },
	{ "x = '{{zzzz}}'\n", "[variables] zzzz = \"...\" defines it; {{{{zzzz}}}} is the "
			      "text {{zzzz}} itself" },
	{ "variables = { a = '{{b}}', b = '1' }\n", "it is defined further below" },
	{ "variables.a = '{{a}}'\n", "there is no variable a" },
	{ "variables.'a-b' = '1'\n", "t:1:11: error: [variables] \"a-b\" cannot name a" },
	{ "variables.arch = '1'\n", "[variables] arch is there already: the target" },
	{ "variables.name = '1'\n", "[variables] name is there already: general.name" },
	{ "variables.a = 1.5\n", "t:1:15: error: [variables] a wants a text or a whole" },
	{ "variables.a = \"\\u0000\"\n", "[variables] a holds a NUL byte" },
	{ "variables = 1\n", "[variables] wants a table, not a whole number" },
	{ "general.name = 'x{{name}}'\n", "[general] name is made of itself" },
	{ "general.name = '{{v}}'\nvariables.v = '{{name}}'\n", "there is no variable name" },
};

START_TEST(refused)
{
	cleanup_free char *report = NULL;
	cleanup_value struct value *root = NULL;

	ck_assert_int_eq(expanded(refusals[_i].text, &root, &report), -1);
	ck_assert_msg(strstr(report, refusals[_i].report) != NULL, "%s", report);
}
END_TEST

START_TEST(growth)
{
	cleanup_free char *report = NULL;
	cleanup_value struct value *root = NULL;
	cleanup_str struct str text = STR_INIT;

	str_add(&text, "[variables]\na0 = '0123456789'\n");
	for (int i = 1; i < 64; i++)
		str_addf(&text, "a%d = '{{a%d}}{{a%d}}'\n", i, i - 1, i - 1);
	ck_assert_int_eq(expanded(text.p, &root, &report), -1);
	ck_assert_msg(strstr(report, "error: variables become more than 4 MiB of text\n"),
		"%.500s", report);
	/* One report, however many there are to come. */
	ck_assert_ptr_null(strstr(strstr(report, "error:") + 1, "error:"));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("variables");

	tcase_add_loop_test(c, one_text, 0, ARRAY_LEN(texts));
	tcase_add_test(c, name_of_variables);
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(refusals));
	tcase_add_test(c, growth);
	return unit_run("variables", c);
}

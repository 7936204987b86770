/* SPDX-License-Identifier: GPL-3.0-only */
/* One layout, reached in one step; the meaning and every comment stay. */
#include "recipe/toml_format.h"

#include <string.h>

#include "base/mem.h"
#include "recipe/toml.h"
#include "unit/unit.h"

static const struct {
	const char *from, *to;
} cases[] = {
	{ "", "" },
	{ "\n\n", "" },
	{ "a=1", "a = 1\n" },
	{ "\xef\xbb\xbf" "a=1\r\n", "a = 1\n" },
	{ "  a   =  'x'   #  why  \n", "a = 'x' #  why\n" },
	{ "a . 'b c' . \"d\" = 1\n", "a.'b c'.\"d\" = 1\n" },
	{ "[ a . b ]#x\n[[ c ]]   \n", "[a.b] #x\n\n[[c]]\n" },
	{ "\n# top\n\n\n\na = 1\n\n\nb = 2\n# about t\n[t]\n\n", "# top\n\na = 1\n\nb = 2\n\n# about t\n[t]\n" },
	{ "[t]\na=[1,2 , 3,]\nb=[ ]\nc={x=1,y . z={}}\n",
		"[t]\na = [1, 2, 3]\nb = []\nc = { x = 1, y.z = {} }\n" },
	{ "a = [1, # one\n\n  2 # two\n , 3,\n  # end\n]\n",
		"a = [\n\t1, # one\n\t2, # two\n\t3,\n\t# end\n]\n" },
	{ "a = [ # first\n [1,\n2], ['''\nx''']]\n",
		"a = [ # first\n\t[\n\t\t1,\n\t\t2,\n\t],\n\t[\n\t\t'''\nx''',\n\t],\n]\n" },
	{ "a = [\n\n]\n", "a = []\n" },
	{ "a = \"\"\"\r\n x  \r\n\"\"\"\r\n", "a = \"\"\"\n x  \n\"\"\"\n" },
	{ "a = 1979-05-27 07:32:00  # d\n", "a = 1979-05-27 07:32:00 # d\n" },
	{ "a = +1_000\nb = 0xFF\n", "a = +1_000\nb = 0xFF\n" },
};

static void
formatted(const char *from, struct str *out)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_value struct value *before = NULL, *after = NULL;

	ck_assert_msg(toml_format(from, strlen(from), out) == 0, "%s", from);
	before = toml_parse("t", from, strlen(from), &d);
	after = toml_parse("t", str_text(out), out->len, &d);
	ck_assert_msg(before && after && value_equal(before, after), "%s", from);
}

START_TEST(layout)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_str struct str once = STR_INIT, twice = STR_INIT;

		formatted(cases[i].from, &once);
		ck_assert_str_eq(str_text(&once), cases[i].to);
		formatted(str_text(&once), &twice);
		ck_assert_str_eq(str_text(&twice), cases[i].to);
	}
}
END_TEST

START_TEST(no_document)
{
	cleanup_str struct str out = STR_INIT;

	ck_assert_int_eq(toml_format("a = [", 5, &out), -1);
	ck_assert_int_eq(toml_format("a 1", 3, &out), -1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("toml_format");

	tcase_add_test(t, layout);
	tcase_add_test(t, no_document);
	return unit_run("toml_format", t);
}

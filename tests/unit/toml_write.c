/* SPDX-License-Identifier: GPL-3.0-only */
/* What is written is what a person would write, and reads as the same value. */
#include "recipe/toml_write.h"

#include <string.h>

#include "base/mem.h"
#include "recipe/toml.h"
#include "unit/unit.h"

static const struct {
	const char *from, *to;
} values[] = {
	{ "\"a\\tb\\\\\\\"\\u0000\\u001b\\u007f\xc3\xbc\"",
		"\"a\\tb\\\\\\\"\\u0000\\u001B\\u007F\xc3\xbc\"" },
	{ "'''\none\ntwo'''", "\"one\\ntwo\"" },
	{ "0x10", "16" },
	{ "-9223372036854775808", "-9223372036854775808" },
	{ "0.1", "0.1" },
	{ "1e22", "1e+22" },
	{ "-0.0", "-0.0" },
	{ "3.0", "3.0" },
	{ "0.30000000000000004", "0.30000000000000004" },
	{ "-inf", "-inf" },
	{ "nan", "nan" },
	{ "false", "false" },
	{ "1979-05-27 07:32:00z", "1979-05-27T07:32:00Z" },
	{ "[1,[],[ 'a', ]]", "[1, [], [\"a\"]]" },
	{ "{}", "{}" },
	{ "{a=1,'b c'={d.e=2},''=3}", "{ a = 1, \"b c\" = { d = { e = 2 } }, \"\" = 3 }" },
	{ "{\"\\u0000\\n\"=1}", "{ \"\\u0000\\n\" = 1 }" },
};

START_TEST(one_line)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		cleanup_diags struct diags d = DIAGS_INIT;
		cleanup_str struct str out = STR_INIT;
		cleanup_value struct value *v =
			toml_parse_value(values[i].from, strlen(values[i].from), &d);
		cleanup_value struct value *again = NULL;

		ck_assert_msg(v != NULL, "%s", values[i].from);
		toml_write_value(&out, v);
		ck_assert_str_eq(str_text(&out), values[i].to);
		again = toml_parse_value(str_text(&out), out.len, &d);
		ck_assert_msg(again && value_equal(v, again), "%s", values[i].from);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("toml_write");

	tcase_add_test(t, one_line);
	return unit_run("toml_write", t);
}

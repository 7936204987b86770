/* SPDX-License-Identifier: GPL-3.0-only */
/* What a person sees of a change. */
#include "cli/line_diff.h"

#include "unit/unit.h"

static const struct {
	const char *before, *after, *shown;
} cases[] = {
	{ "a\nb\n", "a\nb\n", "" },
	{ "", "", "" },
	{ "", "a\n", "@@ line 1\n+ a\n" },
	{ "a\n", "", "@@ line 1\n- a\n" },
	{ "a\nc\n", "a\nb\nc\n", "@@ line 2\n+ b\n" },
	{ "a\nb\nc\n", "a\nc\n", "@@ line 2\n- b\n" },
	{ "a\nb\nc\n", "a\nB\nc\n", "@@ line 2\n- b\n+ B\n" },
	{ "a\nb\n", "a\nb\nc\nd\n", "@@ line 3\n+ c\n+ d\n" },
	{ "a\nb\nc\nd\n", "A\nb\nc\nD\n", "@@ line 1\n- a\n+ A\n@@ line 4\n- d\n+ D\n" },
	{ "a", "a\n", "" },
	{ "\x1b[31m\n", "b\n", "@@ line 1\n- ?[31m\n+ b\n" },
};

START_TEST(shown)
{
	cleanup_str struct str out = STR_INIT;

	line_diff(&out, cases[_i].before, cases[_i].after);
	ck_assert_str_eq(str_text(&out), cases[_i].shown);
}
END_TEST

/* Two long texts with nothing in common end in time, and nothing is left out. */
START_TEST(unlike)
{
	cleanup_str struct str a = STR_INIT;
	cleanup_str struct str b = STR_INIT;
	cleanup_str struct str out = STR_INIT;
	size_t lines = 0;

	for (int i = 0; i < 20000; i++) {
		str_addf(&a, "a%d\n", i);
		str_addf(&b, "b%d\n", i);
	}
	line_diff(&out, a.p, b.p);
	for (const char *p = out.p; *p; p++)
		lines += *p == '\n';
	ck_assert_uint_eq(lines, 40001);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("line_diff");

	tcase_add_loop_test(t, shown, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(t, unlike);
	return unit_run("line_diff", t);
}

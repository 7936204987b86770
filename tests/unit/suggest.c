/* SPDX-License-Identifier: GPL-3.0-only */
/* What people mistype, and what no longer looks like a slip. */
#include "base/suggest.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

static const char *const known[] = {
	"url",
	"version",
	"build_command",
	"install_command",
	"output_executable_path",
	"format",
	"compression",
	"y",
};

static const struct {
	const char *word, *meant; /* NULL: nothing is near */
} words[] = {
	{ "urll", "url" },
	{ "rul", "url" },
	{ "verison", "version" },
	{ "vesion", "version" },
	{ "versions", "version" },
	{ "VERSION", "version" },
	{ "build-command", "build_command" },
	{ "buildcommand", "build_command" },
	{ "instal_comand", "install_command" },
	{ "output_exectuable_path", "output_executable_path" },
	{ "fromat", "format" },
	{ "comperssion", "compression" },
	{ "kernel", NULL },
	{ "abc", NULL },
	{ "n", NULL },
	{ "", NULL },
};

START_TEST(typing)
{
	const char *found = suggest(words[_i].word, known, ARRAY_LEN(known));

	if (!words[_i].meant)
		ck_assert_msg(!found, "%s became %s", words[_i].word, found);
	else
		ck_assert_msg(found && streq(found, words[_i].meant), "%s became %s",
			words[_i].word, found ? found : "nothing");
}
END_TEST

START_TEST(nearest_wins)
{
	static const char *const near[] = { "boot", "bool", "book" };

	ck_assert_str_eq(suggest("boof", near, 3), "boot");
	ck_assert_str_eq(suggest("bok", near, 3), "book");
	ck_assert_ptr_null(suggest("boot", near, 0));
}
END_TEST

/* However long, the answer comes at once and nothing overflows. */
START_TEST(bounds)
{
	static char word[100001], other[70];
	const char *const list[] = { word, other };

	memset(word, 'a', sizeof(word) - 1);
	memset(other, 'a', sizeof(other) - 1);
	for (int i = 0; i < 1000; i++)
		ck_assert_ptr_null(suggest(word, list, 2));
	other[64] = '\0';
	ck_assert_ptr_eq(suggest(other, list, 2), other);
	other[65] = '\0';
	ck_assert_ptr_null(suggest("aaa", list, 2));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("suggest");

	tcase_add_loop_test(c, typing, 0, ARRAY_LEN(words));
	tcase_add_test(c, nearest_wins);
	tcase_add_test(c, bounds);
	return unit_run("suggest", c);
}

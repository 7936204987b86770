/* SPDX-License-Identifier: GPL-3.0-only */
/* Lines of a .config: options, those that are off, and all else. */
#include "cli/dotconfig.h"

#include <string.h>

#include "unit/unit.h"

static int
parse(struct map *m, const char *text)
{
	return dotconfig_parse(m, text, strlen(text), NULL);
}

START_TEST(values)
{
	struct map m = MAP_INIT;

	ck_assert_int_eq(parse(&m, "# A comment\n\nCONFIG_A=y\n# CONFIG_B is not set\r\n"
		"CONFIG_S=\"x = y\"\nCONFIG_E=\nCONFIG_A=m"), 0);
	ck_assert_uint_eq(m.len, 4);
	ck_assert_str_eq(map_get(&m, "A"), "m");
	ck_assert_str_eq(map_get(&m, "B"), "n");
	ck_assert_str_eq(map_get(&m, "S"), "\"x = y\"");
	ck_assert_str_eq(map_get(&m, "E"), "");
	map_release(&m, free);
}
END_TEST

static const char *const none[] = { "", "\n\n", "CONFIG_=y\n", "CONFIG_A\n", "CONFIG_A B=y\n",
	" CONFIG_A=y\n", "# CONFIG_A is not set, I think\n", "#CONFIG_A is not set\n" };

START_TEST(no_option)
{
	cleanup_err struct err err = ERR_INIT;
	struct map m = MAP_INIT;

	ck_assert_int_eq(dotconfig_parse(&m, none[_i], strlen(none[_i]), &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "no .config"));
	map_release(&m, free);
}
END_TEST

START_TEST(nul)
{
	struct map m = MAP_INIT;

	ck_assert_int_eq(dotconfig_parse(&m, "CONFIG_A=y\0\n", 12, NULL), -1);
	map_release(&m, free);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("dotconfig");

	tcase_add_test(t, values);
	tcase_add_loop_test(t, no_option, 0, sizeof(none) / sizeof(none[0]));
	tcase_add_test(t, nul);
	return unit_run("dotconfig", t);
}

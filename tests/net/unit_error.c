/* SPDX-License-Identifier: GPL-3.0-only */
/* Words for what the kernel says, and numbers for what it hardly ever says. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "../../init/net/error.h"

static const struct {
	int error;
	const char *text;
} rows[] = {
	{EPERM, "not permitted"},
	{ENODEV, "no such interface"},
	{EADDRNOTAVAIL, "no such address"},
	{ENETUNREACH, "no route leads there"},
	{ENOBUFS, "no buffers are left"},
	{0, "error 0"},
	{ESTALE, "error 116"},
	{4095, "error 4095"},
};

START_TEST(row)
{
	ck_assert_str_eq(error_text(rows[_i].error), rows[_i].text);
}
END_TEST

Suite *
error_suite(void)
{
	Suite *s = suite_create("net-error");
	TCase *c = tcase_create("error");

	tcase_add_loop_test(c, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	suite_add_tcase(s, c);
	return s;
}

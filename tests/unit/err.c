/* SPDX-License-Identifier: GPL-3.0-only */
/* The first error stays, layers put words before it, nobody has to take it. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

START_TEST(first_stays)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(err_set(&err, "disk %d is gone", 3), -1);
	ck_assert_int_eq(err_set(&err, "later"), -1);
	ck_assert_str_eq(err_msg(&err), "disk 3 is gone");
	ck_assert_int_eq(err.code, 0);
}
END_TEST

START_TEST(system_error)
{
	cleanup_err struct err err = ERR_INIT;
	char expected[128];

	errno = ENOENT;
	ck_assert_int_eq(err_errno(&err, "open %s", "a%sb"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(err.code, ENOENT);
	snprintf(expected, sizeof(expected), "open a%%sb: %s", strerror(ENOENT));
	ck_assert_str_eq(err_msg(&err), expected);
}
END_TEST

START_TEST(wrapped)
{
	cleanup_err struct err err = ERR_INIT;

	err_set(&err, "full");
	ck_assert_int_eq(err_wrap(&err, "blob %s", "x"), -1);
	ck_assert_int_eq(err_wrap(&err, "store"), -1);
	ck_assert_str_eq(err_msg(&err), "store: blob x: full");
}
END_TEST

START_TEST(nothing_to_wrap)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(err_wrap(&err, "store"), -1);
	ck_assert_ptr_null(err.msg);
}
END_TEST

START_TEST(nobody_listens)
{
	ck_assert_int_eq(err_set(NULL, "x"), -1);
	ck_assert_int_eq(err_errno(NULL, "x"), -1);
	ck_assert_int_eq(err_wrap(NULL, "x"), -1);
	ck_assert_ptr_nonnull(err_msg(NULL));
}
END_TEST

START_TEST(cleared)
{
	struct err err = ERR_INIT;

	errno = EIO;
	err_errno(&err, "read");
	err_clear(&err);
	ck_assert_ptr_null(err.msg);
	ck_assert_int_eq(err.code, 0);
	err_set(&err, "again");
	ck_assert_str_eq(err_msg(&err), "again");
	err_clear(&err);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("err");

	tcase_add_test(c, first_stays);
	tcase_add_test(c, system_error);
	tcase_add_test(c, wrapped);
	tcase_add_test(c, nothing_to_wrap);
	tcase_add_test(c, nobody_listens);
	tcase_add_test(c, cleared);
	return unit_run("err", c);
}

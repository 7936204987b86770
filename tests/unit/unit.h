/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One test program for each file of the core. Its main adds tests and returns
 * unit_run(), which speaks TAP; the exit status says nothing, or the driver of
 * automake would count a failure twice.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int
unit_run(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);

	/* Under valgrind or with sanitizers on a busy machine seconds are short. */
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	srunner_free(runner);
	return 0;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Runs the suites of what in init reads and writes text; the rest runs in namespaces. */
#include "unit.h"

int
main(void)
{
	SRunner *r = srunner_create(ini_suite());

	srunner_add_suite(r, words_suite());
	srunner_add_suite(r, config_suite());
	srunner_add_suite(r, line_suite());
	srunner_add_suite(r, clock_suite());
	srunner_add_suite(r, output_suite());
	srunner_set_tap(r, "-");
	srunner_run_all(r, CK_SILENT);
	srunner_free(r);
	return 0;
}

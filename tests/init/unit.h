/* SPDX-License-Identifier: GPL-3.0-only */
/* The suites of init's unit tests: one per file, named like the file it tests. */
#ifndef TESTS_INIT_UNIT_H
#define TESTS_INIT_UNIT_H

#include <check.h>

Suite *ini_suite(void);
Suite *clock_suite(void);
Suite *words_suite(void);
Suite *config_suite(void);
Suite *line_suite(void);
Suite *output_suite(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* What the kernel writes, and what it might. */
#include "run/pressure.h"

#include <string.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static bool
high(const char *text)
{
	cleanup_free char *path = tmpdir_file("memory", text, strlen(text));

	return pressure_is_high(path);
}

START_TEST(a_tenth_of_the_time)
{
	ck_assert(!high("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
			"full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"));
	ck_assert(!high("some avg10=9.99 avg60=50.00 avg300=50.00 total=1\n"));
	ck_assert(high("some avg10=10.00 avg60=0.00 avg300=0.00 total=1\n"));
	ck_assert(high("some avg10=87.12 avg60=0.00 avg300=0.00 total=1\n"));
	ck_assert(!high("full avg10=87.12 avg60=0.00 avg300=0.00 total=1\n"));
}
END_TEST

START_TEST(nothing_to_read)
{
	ck_assert(!high(""));
	ck_assert(!high("some avg10=\n"));
	ck_assert(!pressure_is_high("/nonexistent"));
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("pressure");

	tmpdir_use(tests);
	tcase_add_test(tests, a_tenth_of_the_time);
	tcase_add_test(tests, nothing_to_read);
	return unit_run("pressure", tests);
}

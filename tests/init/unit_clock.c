/* SPDX-License-Identifier: GPL-3.0-only */
/* The clock's fields as seconds, beside what the C library makes of them. */
#include "unit.h"

#include <time.h>

#include "../../init/clock.h"

/* Every day of 130 years, with another time of day each. */
START_TEST(days)
{
	for (time_t want = 0; want < (time_t)130 * 366 * 86400; want += 86400 + 1234) {
		struct tm tm;
		struct rtc_time t;

		ck_assert_ptr_nonnull(gmtime_r(&want, &tm));
		t = (struct rtc_time){.second = tm.tm_sec,
			.minute = tm.tm_min,
			.hour = tm.tm_hour,
			.day = tm.tm_mday,
			.month = tm.tm_mon,
			.year = tm.tm_year};
		ck_assert_int_eq(clock_seconds(&t), want);
	}
}
END_TEST

START_TEST(nonsense)
{
	struct rtc_time t = {.day = 1, .month = 12, .year = 126};

	ck_assert_int_eq(clock_seconds(&t), -1);
	t.month = -1;
	ck_assert_int_eq(clock_seconds(&t), -1);
	t = (struct rtc_time){.day = 0, .month = 1, .year = 126};
	ck_assert_int_eq(clock_seconds(&t), -1);
	t = (struct rtc_time){.day = 1, .month = 1, .year = 69};
	ck_assert_int_eq(clock_seconds(&t), -1);
}
END_TEST

Suite *
clock_suite(void)
{
	Suite *s = suite_create("init-clock");
	TCase *c = tcase_create("clock");

	tcase_add_test(c, days);
	tcase_add_test(c, nonsense);
	suite_add_tcase(s, c);
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The time of day, where the kernel has not set it. */
#ifndef INIT_CLOCK_H
#define INIT_CLOCK_H

#include <stdint.h>

/* As the kernel's struct rtc_time has it. */
struct rtc_time {
	int second, minute, hour, day, month /* 0..11 */, year /* since 1900 */;
	int week_day, year_day, dst;
};

/* 0 also when there is nothing to do or no clock; -1 when it could not be set, logged. */
int clock_from_rtc(void);
/* Seconds since 1970, UTC; -1 for what is no time after 1970. */
int64_t clock_seconds(const struct rtc_time *);

#endif

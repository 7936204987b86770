/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kernel with CONFIG_RTC_HCTOSYS sets its clock itself, and so does a PC. One
 * that believes it is 1970 is helped: certificates would all be from the future.
 */
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "file.h"

#define YEAR_2001 978307200
#define RTC_RD_TIME _IOR('p', 0x09, struct rtc_time)

int64_t
clock_seconds(const struct rtc_time *t)
{
	/* The year begins with March, so that the leap day is its last. */
	int64_t month = (t->month + 10) % 12, year = t->year + 1900 - (t->month < 2);
	int64_t days = year * 365 + year / 4 - year / 100 + year / 400 +
		       (month * 153 + 2) / 5 + t->day - 1 - 719468;

	if (t->month < 0 || t->month > 11 || t->year < 70 || t->year > 8099 || t->day < 1)
		return -1;
	return ((days * 24 + t->hour) * 60 + t->minute) * 60 + t->second;
}

int
clock_from_rtc(void)
{
	struct timespec now = {0};
	struct rtc_time rtc;
	int fd, failed;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec >= YEAR_2001)
		return 0;
	fd = file_open("/dev/rtc0", O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	failed = ioctl(fd, RTC_RD_TIME, &rtc) != 0;
	now.tv_sec = failed ? 0 : (time_t)clock_seconds(&rtc);
	close(fd);
	if (now.tv_sec >= YEAR_2001)
		failed = clock_settime(CLOCK_REALTIME, &now) != 0;
	if (failed)
		log_msg(LOG_WARN, "set the time: %s", strerror(errno));
	return failed ? -1 : 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's clock and chance; the only file that unit tests replace. */
#include "clock.h"

#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint64_t
clock_now(void)
{
	struct timespec ts = {0};

	/* Not by the library where that is the same: its way around the kernel is a lot of code. */
#ifdef __LP64__
	syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &ts);
#else
	clock_gettime(CLOCK_BOOTTIME, &ts);
#endif
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

uint32_t
random_bits(void)
{
	static uint32_t state;
	uint32_t bits;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == sizeof(bits))
		return bits;
	/* Too early in a machine without a source of entropy: better than waiting for one. */
	state = state * 1664525u + 1013904223u + (uint32_t)clock_now() + (uint32_t)getpid();
	return state ^ state >> 16;
}

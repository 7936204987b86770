/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's clock and chance; the only file that unit tests replace. */
#include "clock.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

uint64_t
clock_now(void)
{
	struct timespec ts = {0};

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

uint32_t
random_bits(void)
{
	static uint32_t state;
	struct timespec ts = {0};
	uint32_t bits;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == sizeof(bits))
		return bits;
	/* Too early in a machine without a source of entropy: better than waiting for one. */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	state = state * 1664525u + 1013904223u + (uint32_t)ts.tv_nsec + (uint32_t)getpid();
	return state ^ state >> 16;
}

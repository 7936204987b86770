/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Times are milliseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps, as
 * leases do. Protocols are told the time and never ask: so tests have a clock of theirs.
 */
#ifndef NET_CLOCK_H
#define NET_CLOCK_H

#include <stdint.h>

#define TIME_NEVER UINT64_MAX

uint64_t clock_now(void);
/* 32 bits that nobody on the network can guess. */
uint32_t random_bits(void);

/* So many seconds later; forever stays so. */
static inline uint64_t
time_after(uint64_t start, uint32_t seconds)
{
	return seconds == UINT32_MAX ? TIME_NEVER : start + (uint64_t)seconds * 1000;
}

static inline uint64_t
time_first(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What is left of a time until end, in seconds as a kernel takes it; UINT32_MAX: forever. */
static inline uint32_t
time_left_s(uint64_t end, uint64_t now)
{
	uint64_t s = end > now ? (end - now + 999) / 1000 : 0;

	return end == TIME_NEVER || s >= UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

/* ms, a tenth less to a tenth more (RFC 8415, 15). */
static inline uint64_t
time_jitter(uint64_t ms)
{
	return ms - ms / 10 + (ms >= 10 ? random_bits() % (ms / 5 + 1) : 0);
}

#endif

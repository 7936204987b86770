/* SPDX-License-Identifier: GPL-3.0-only */
/* Numbers of packets: big-endian, and never where a processor wants them to begin. */
#ifndef NET_BYTES_H
#define NET_BYTES_H

#include <stdint.h>

static inline uint16_t
get16(const uint8_t *from)
{
	return (uint16_t)(from[0] << 8 | from[1]);
}

static inline uint32_t
get32(const uint8_t *from)
{
	return (uint32_t)get16(from) << 16 | get16(from + 2);
}

/* Both return what is behind the number. */
static inline uint8_t *
put16(uint8_t *to, unsigned value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
	return to + 2;
}

static inline uint8_t *
put32(uint8_t *to, uint32_t value)
{
	return put16(put16(to, value >> 16), value & 0xffff);
}

#endif

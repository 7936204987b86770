/* SPDX-License-Identifier: GPL-3.0-only */
/* PE files are little-endian whatever machine builds them. */
#ifndef MSMV_UKI_BYTES_H
#define MSMV_UKI_BYTES_H

#include <stdint.h>

static inline uint16_t
le16_get(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
le32_get(const unsigned char *p)
{
	return le16_get(p) | (uint32_t)le16_get(p + 2) << 16;
}

static inline void
le16_put(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
}

static inline void
le32_put(unsigned char *p, uint32_t v)
{
	le16_put(p, v & 0xffff);
	le16_put(p + 2, v >> 16);
}

#endif

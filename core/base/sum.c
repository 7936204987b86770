/* SPDX-License-Identifier: GPL-3.0-only */
#include "base/sum.h"

#include <string.h>

/* FNV-1a over eight bytes a step. */
uint64_t
sum64(const void *data, size_t n)
{
	uint64_t h = 1469598103934665603u, word;
	const unsigned char *p = data;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = (h ^ word) * 1099511628211u;
		h ^= h >> 29;
	}
	for (; n; n--)
		h = (h ^ *p++) * 1099511628211u;
	return h ^ h >> 32;
}

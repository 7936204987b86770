/* SPDX-License-Identifier: GPL-3.0-only */
/* Places are counted from the stream's beginning, so that a reader needs no locks and
   cannot mistake a round for another. */
#include "vm/ring.h"

#include <string.h>

uint64_t
ring_start(const struct ring *ring)
{
	return ring->end > RING_SIZE ? ring->end - RING_SIZE : 0;
}

void
ring_write(struct ring *ring, const char *data, size_t size)
{
	while (size > 0) {
		size_t at = ring->end % RING_SIZE;
		size_t n = size < RING_SIZE - at ? size : RING_SIZE - at;

		memcpy(ring->bytes + at, data, n);
		ring->end += n;
		data += n;
		size -= n;
	}
}

const char *
ring_read(const struct ring *ring, uint64_t *place, size_t *size)
{
	uint64_t start = ring_start(ring);
	size_t at, left;

	if (*place < start || *place > ring->end)
		*place = start;
	at = *place % RING_SIZE;
	left = (size_t)(ring->end - *place);
	*size = left < RING_SIZE - at ? left : RING_SIZE - at;
	return ring->bytes + at;
}

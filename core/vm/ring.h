/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The last bytes of a stream, for any number of readers that each go at their own pace:
 * a late one gets what is still there, a slow one loses the oldest, and nobody waits.
 */
#ifndef VM_RING_H
#define VM_RING_H

#include <stddef.h>
#include <stdint.h>

enum { RING_SIZE = 256 << 10 };

struct ring {
	uint64_t end; /* bytes ever written; a reader's place is such a number too */
	char bytes[RING_SIZE];
};

void ring_write(struct ring *ring, const char *data, size_t size);
/* The oldest place that can still be read. */
uint64_t ring_start(const struct ring *ring);
/* What can be read at *place, which moves forward if that is gone; *size bytes (0: none
   yet), perhaps not all there are. Valid until the next write. */
const char *ring_read(const struct ring *ring, uint64_t *place, size_t *size);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The end of a file that only grows: written in large pieces, beside other work. */
#ifndef MSMV_QCOW2_TAIL_H
#define MSMV_QCOW2_TAIL_H

#include <stddef.h>
#include <stdint.h>

struct tail;

/* Starts a tail of fd at that place; NULL when out of memory. */
struct tail *tail_new(int fd, uint64_t at);
/* Appends size bytes, which divide TAIL_PIECE; 0 or an errno. */
int tail_add(struct tail *tail, const void *data, size_t size);
/* The bytes at that place while they wait for more; NULL if they do not. */
unsigned char *tail_find(const struct tail *tail, uint64_t at);
/* Waits until what is not waiting for more is in the file; 0 or an errno. */
int tail_wait(struct tail *tail);
/* Writes all; 0 or an errno. */
int tail_flush(struct tail *tail);
void tail_free(struct tail *tail);

#define TAIL_PIECE ((size_t)2 << 20)

#endif

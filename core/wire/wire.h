/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Frames between engine and worker over a socket pair: a 32-bit little-endian
 * length, then a record as text. The field "type" says what a frame is:
 *
 *	engine to worker   request (see request.h)
 *	worker to engine   log level text · progress done total what · note text ·
 *	                   problem text option item hint · fact field value ·
 *	                   witness what identity · result
 */
#ifndef MSMV_WIRE_WIRE_H
#define MSMV_WIRE_WIRE_H

#include <sys/types.h>

#include "base/record.h"
#include "base/str.h"

enum {
	WIRE_FD = 3,                  /* the worker's end */
	WIRE_FRAME_MAX = 16 * 1024 * 1024
};

/* Blocks until all is sent. */
int wire_send(int fd, const struct record *r, struct err *err);

struct wire_reader {
	struct str buf;
	size_t start;
};

#define WIRE_READER_INIT { STR_INIT, 0 }

/* Reads what is there: bytes read, 0 at the end, -1 with errno (EAGAIN: nothing yet). */
ssize_t wire_read(struct wire_reader *w, int fd);
/* The next whole frame into r: 1, 0 if none is complete, -1 with err if malformed. */
int wire_next(struct wire_reader *w, struct record *r, struct err *err);
void wire_release(struct wire_reader *w);

#endif

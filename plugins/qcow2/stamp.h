/* SPDX-License-Identifier: GPL-3.0-only */
/* A number that stands for all that goes into a file system. */
#ifndef MSMV_QCOW2_STAMP_H
#define MSMV_QCOW2_STAMP_H

#include <stddef.h>

#define STAMP_SIZE 16

struct stamp {
	void *mac;
	void *ctx;
};

/* 0, or an errno. */
int stamp_open(struct stamp *stamp);
/* Does nothing to a stamp that is not open. */
void stamp_add(struct stamp *stamp, const void *data, size_t size);
int stamp_get(struct stamp *stamp, unsigned char out[STAMP_SIZE]);
void stamp_release(struct stamp *stamp);

#endif

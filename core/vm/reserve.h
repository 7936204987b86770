/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Room on the disk for a small file that must be written even when there is none left: how a
 * VM ended, often because of just that.
 */
#ifndef VM_RESERVE_H
#define VM_RESERVE_H

#include <stddef.h>

#include "base/err.h"

/* Keeps room beside path, in path.room. -1 with errno; there is none then. */
int reserve_keep(const char *path);
/* Replaces path as a whole; where that fails it is written into the room, or where it is, if
   there is none. -1 with err. */
int reserve_write(const char *path, const char *text, size_t n, struct err *err);
/* Gives the room back. */
void reserve_release(const char *path);

#endif

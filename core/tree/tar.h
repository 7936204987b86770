/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The canonical tar: one tree has exactly one spelling. ustar headers, a pax
 * header only where a value does not fit, sorted by path, one timestamp for all,
 * no user names, two zero blocks at the end and no padding after them.
 */
#ifndef MSMV_TREE_TAR_H
#define MSMV_TREE_TAR_H

#include "tree/entry.h"

/* Writes settled entries to fd from its position. */
int tar_write(int fd, const struct entries *e, int64_t epoch, struct err *err);
/*
 * Adds what a canonical tar holds; data stays in fd, which must outlive the
 * entries. Any malformed or unsafe header is an error.
 */
int tar_read(int fd, uint32_t order, struct entries *e, struct err *err);

#endif

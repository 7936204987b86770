/* SPDX-License-Identifier: GPL-3.0-only */
/* Small files as a whole: what the kernel says of itself, and what it is told. */
#ifndef INIT_FILE_H
#define INIT_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* open(2) and nothing more: a C library sets O_CLOEXEC once more, for kernels of long ago. */
int file_open(const char *path, int flags, mode_t mode);
/*
 * Reads at most room - 1 bytes and puts a NUL behind them. Returns how many, or
 * -1 with errno, with what was read before; EFBIG: there are more.
 */
ssize_t file_read(const char *path, char *text, size_t room);
/* 0, or -1 with errno. Makes no file that is not there, unless mode says with which mode. */
int file_write(const char *path, const char *text, size_t size, mode_t mode);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The files that a guest was booted from, and their sizes. */
#ifndef QMP_RUN_FILES_H
#define QMP_RUN_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "vm/guest.h"

enum { FILES_MAX = 4 };

struct file {
	const char *name; /* "kernel", "initramfs", "disk", "uki" */
	int64_t size;     /* bytes */
};

/* What was booted, in that order. Returns how many. */
size_t files_booted(const struct guest *guest, struct file files[FILES_MAX]);
/*
 * What a user gets, the largest first: of a kernel that was started as ELF file, but is
 * delivered as bzImage, that one.
 */
size_t files_delivered(const struct guest *guest, struct file files[FILES_MAX]);

#endif

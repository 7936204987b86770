/* SPDX-License-Identifier: GPL-3.0-only */
/* Text that grows. Running out of memory is noted and told once, at the end. */
#ifndef ROOTFS_TEXT_H
#define ROOTFS_TEXT_H

#include <stddef.h>

struct text {
	char *data; /* NUL-terminated when not NULL; owned */
	size_t len, room;
	int failed; /* memory ran out: data is incomplete */
};

void text_bytes(struct text *, const char *bytes, size_t n);
void text_str(struct text *, const char *);
void text_fmt(struct text *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_release(struct text *);

#endif

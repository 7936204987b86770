/* SPDX-License-Identifier: GPL-3.0-only */
/* Text in memory of the caller's: what does not fit is dropped, and that is noted. */
#ifndef NET_OUT_H
#define NET_OUT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Always NUL-terminated. */
struct out {
	char *text;
	size_t len, room; /* room: bytes at text, with the NUL */
	int cut;          /* something did not fit */
};

void out_init(struct out *, char *text, size_t room);
void out_byte(struct out *, char);
void out_str(struct out *, const char *);
void out_num(struct out *, uint64_t);
/* Knows %s %d %u %% and nothing else. */
void out_fmt(struct out *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_vfmt(struct out *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

#endif

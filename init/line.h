/* SPDX-License-Identifier: GPL-3.0-only */
/* Text of bounded length, built without stdio: printf would double the size of init. */
#ifndef INIT_LINE_H
#define INIT_LINE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MAX_TEXT 1023

/* Always NUL-terminated. What does not fit is dropped. */
struct line {
	size_t len;
	char text[LINE_MAX_TEXT + 1];
};

void line_clear(struct line *);
void line_byte(struct line *, char);
void line_str(struct line *, const char *);
/* Decimal, with leading zeros up to width. */
void line_num(struct line *, uint64_t value, int width);
/* Percent-escapes what a record's value, or with blanks its text, may not hold. */
void line_escaped(struct line *, const char *, int blanks);
/* Knows %s %d %u %% and nothing else. */
void line_fmt(struct line *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void line_vfmt(struct line *, const char *fmt, va_list)
	__attribute__((format(printf, 2, 0)));

#endif

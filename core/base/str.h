/* SPDX-License-Identifier: GPL-3.0-only */
/* A growing string; s.p is always NUL-terminated once anything was added. */
#ifndef MSMV_BASE_STR_H
#define MSMV_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *p; /* owned; NULL while empty */
	size_t len, cap;
};

#define STR_INIT { NULL, 0, 0 }
#define cleanup_str __attribute__((cleanup(str_release)))

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const void *bytes, size_t n);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Length to 0, memory kept. */
void str_reset(struct str *s);
void str_release(struct str *s);
/* The text, "" if empty; owned by s. */
const char *str_text(const struct str *s);
/* Gives the text away, never NULL; s is empty after. */
char *str_take(struct str *s);

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

#endif

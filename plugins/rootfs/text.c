/* SPDX-License-Identifier: GPL-3.0-only */
/* The files of the skeleton are put together in memory; each is a few lines long. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
text_grow(struct text *t, size_t more)
{
	size_t room = t->room ? t->room : 256;
	char *data;

	while (room < t->len + more + 1)
		room *= 2;
	if (room == t->room)
		return 0;
	data = realloc(t->data, room);
	if (!data) {
		t->failed = 1;
		return -1;
	}
	t->data = data;
	t->room = room;
	return 0;
}

void
text_bytes(struct text *t, const char *bytes, size_t n)
{
	if (t->failed || text_grow(t, n) != 0)
		return;
	if (n > 0)
		memcpy(t->data + t->len, bytes, n);
	t->len += n;
	t->data[t->len] = '\0';
}

void
text_str(struct text *t, const char *s)
{
	text_bytes(t, s, strlen(s));
}

void
text_fmt(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *made = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&made, fmt, ap);
	va_end(ap);
	if (n < 0) {
		t->failed = 1;
		return;
	}
	text_bytes(t, made, (size_t)n);
	free(made);
}

void
text_release(struct text *t)
{
	free(t->data);
	*t = (struct text){0};
}

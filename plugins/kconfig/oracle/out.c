/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows, JSON strings, whole files. Without memory the program ends. */
#include "oracle.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *
need_memory(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		die("memory");
	return p;
}

char *
need_copy(const char *text)
{
	return strcpy(need_memory(NULL, strlen(text) + 1), text);
}

static void
out_add_n(struct out *o, const char *text, size_t len)
{
	if (o->len + len + 1 > o->cap) {
		o->cap = (o->len + len + 1) * 2;
		o->p = need_memory(o->p, o->cap);
	}
	memcpy(o->p + o->len, text, len);
	o->len += len;
	o->p[o->len] = '\0';
}

void
out_add(struct out *o, const char *text)
{
	out_add_n(o, text, strlen(text));
}

void
out_addf(struct out *o, const char *fmt, ...)
{
	va_list ap, again;
	char small[256];
	char *p = small;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(small, sizeof(small), fmt, ap);
	if (len >= (int)sizeof(small)) {
		p = need_memory(NULL, (size_t)len + 1);
		vsnprintf(p, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	va_end(ap);
	out_add_n(o, p, (size_t)len);
	if (p != small)
		free(p);
}

void
out_json(struct out *o, const char *text)
{
	out_add(o, "\"");
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			out_addf(o, "\\%c", *p);
		else if ((unsigned char)*p < ' ')
			out_addf(o, "\\u%04x", (unsigned char)*p);
		else
			out_add_n(o, p, 1);
	}
	out_add(o, "\"");
}

void
out_free(struct out *o)
{
	free(o->p);
	*o = (struct out){ 0 };
}

char *
file_text(const char *path)
{
	struct out o = { 0 };
	char chunk[16384];
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		return NULL;
	out_add(&o, "");
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		out_add_n(&o, chunk, n);
	fclose(f);
	return o.p;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* apt-cache's output is a few fields of text: a scan in place needs no data structure. */
#include "control.h"

#include <string.h>
#include <strings.h>

char *
control_field(const char *text, const char *name, char *buf, size_t n)
{
	size_t len = strlen(name);

	while (*text && *text != '\n') {
		size_t line = strcspn(text, "\n");
		if (line > len && text[len] == ':' && !strncasecmp(text, name, len)) {
			const char *v = text + len + 1;
			v += strspn(v, " \t");
			size_t size = (size_t)(text + line - v);
			if (v > text + line || size >= n)
				return NULL;
			memcpy(buf, v, size);
			buf[size] = '\0';
			return buf;
		}
		text += line + (text[line] == '\n');
	}
	return NULL;
}

const char *
control_next(const char *text)
{
	const char *gap = strstr(text, "\n\n");

	if (!gap)
		return NULL;
	gap += strspn(gap, "\n");
	return *gap ? gap : NULL;
}

static void
copy(char *to, size_t room, const char *from, size_t n)
{
	if (n >= room)
		n = 0; /* no package and no version is so long */
	memcpy(to, from, n);
	to[n] = '\0';
}

const char *
control_dependency(const char *depends, struct dependency *d)
{
	const char *p = depends + strspn(depends, " ,");
	size_t all = strcspn(p, ","), one = strcspn(p, ",|");
	const char *exact;

	if (!*p)
		return NULL;
	copy(d->name, sizeof(d->name), p, strcspn(p, " :,|("));
	d->version[0] = '\0';
	exact = memmem(p, one, "(= ", 3);
	if (exact)
		copy(d->version, sizeof(d->version), exact + 3, strcspn(exact + 3, " )"));
	return p + all;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* os-release is shell text: values are quoted, and ID is held to its few letters. */
#include "osrel.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct text {
	char *out;
	size_t size, used; /* used > size: it did not fit */
};

static void
text_char(struct text *t, char c)
{
	if (t->used < t->size)
		t->out[t->used] = c;
	t->used++;
}

static void
text_plain(struct text *t, const char *s)
{
	while (*s)
		text_char(t, *s++);
}

static void
text_quoted(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (strchr("\"$`\\", *s))
			text_char(t, '\\');
		text_char(t, *s);
	}
}

/* "My VM" becomes my-vm. */
static void
text_id(struct text *t, const char *s)
{
	for (; *s; s++) {
		int c = tolower((unsigned char)*s);

		text_char(t, isalnum(c) || strchr("._-", c) ? (char)c : '-');
	}
}

size_t
osrel_make(char *out, size_t size, const char *name, const char *version)
{
	struct text t = { .out = out, .size = size };

	text_plain(&t, "ID=");
	text_id(&t, name);
	text_plain(&t, "\nNAME=\"");
	text_quoted(&t, name);
	if (version) {
		text_plain(&t, "\"\nVERSION_ID=\"");
		text_id(&t, version);
	}
	text_plain(&t, "\"\nPRETTY_NAME=\"");
	text_quoted(&t, name);
	if (version) {
		text_char(&t, ' ');
		text_quoted(&t, version);
	}
	text_plain(&t, "\"\n");
	return t.used <= size ? t.used : 0;
}

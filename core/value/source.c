/* SPDX-License-Identifier: GPL-3.0-only */
/* Kept for as long as something may have to be shown at its place. */
#include "value/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int
sources_add(struct sources *s, const char *file, const char *text, size_t len)
{
	struct source one = { file ? xstrdup(file) : NULL, NULL, text ? len : 0 };

	if (text) {
		one.text = xmalloc(len + 1);
		memcpy(one.text, text, len);
		one.text[len] = '\0';
	}
	vec_push(&s->list, one);
	return (int)s->list.len - 1;
}

const struct source *
sources_get(const struct sources *s, int file)
{
	return file >= 0 && (size_t)file < s->list.len ? &s->list.v[file] : NULL;
}

void
sources_copy(struct sources *to, const struct sources *from)
{
	for (size_t i = 0; i < from->list.len; i++)
		sources_add(to, from->list.v[i].file, from->list.v[i].text,
			from->list.v[i].len);
}

void
sources_release(struct sources *s)
{
	for (size_t i = 0; i < s->list.len; i++) {
		free(s->list.v[i].file);
		free(s->list.v[i].text);
	}
	vec_release(&s->list);
}

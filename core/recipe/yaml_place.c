/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Marks come almost in the order of the text, so a cursor that walks from one to the
 * next, forwards or back, costs no more than reading the text does.
 */
#include "recipe/yaml_parts.h"

#include <string.h>

void
yaml_place_open(struct yaml_place *p, int file, const char *text, size_t len)
{
	const char *end = text + len, *s = text;

	*p = (struct yaml_place){ .text = text, .end = end, .at = text, .file = file };
	while (s) {
		vec_push(&p->lines, s);
		s = memchr(s, '\n', (size_t)(end - s));
		s = s ? s + 1 : NULL;
	}
}

static bool
inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void
walk(struct yaml_place *p, size_t index)
{
	while (p->index < index && p->at < p->end) {
		do
			p->at++;
		while (p->at < p->end && inside_character(*p->at));
		p->index++;
	}
	while (p->index > index && p->at > p->text) {
		do
			p->at--;
		while (p->at > p->text && inside_character(*p->at));
		p->index--;
	}
}

struct pos
yaml_place_at(const struct yaml_place *p, size_t offset)
{
	size_t len = (size_t)(p->end - p->text), low = 0, high = p->lines.len;
	const char *at = p->text + (offset < len ? offset : len);

	/* The last line that begins at or before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (p->lines.v[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return (struct pos){ (int)low + 1, (int)(at - p->lines.v[low]) + 1, p->file };
}

struct pos
yaml_place_of(struct yaml_place *p, const yaml_mark_t *mark)
{
	walk(p, mark->index);
	return yaml_place_at(p, (size_t)(p->at - p->text));
}

void
yaml_place_release(struct yaml_place *p)
{
	vec_release(&p->lines);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Reads init.ini. Strict, as a guest that starts half of what was asked is
 * worse than one that says which line is wrong: no inline comments, no
 * continuation lines, no keys before the first section, no stray bytes.
 */
#include "ini.h"

#include <string.h>

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static int
is_label(char c)
{
	return is_name(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

static enum ini_kind
bad(struct ini *ini, struct ini_item *item, const char *why)
{
	ini->error = why;
	item->kind = INI_BAD;
	item->error = why;
	return INI_BAD;
}

void
ini_init(struct ini *ini, char *text, size_t size)
{
	text[size] = '\0';
	*ini = (struct ini){.at = text, .end = text + size};
}

/* Cuts the next line off, blanks trimmed. NULL: a byte that no line may hold. */
static char *
next_line(struct ini *ini)
{
	char *start = ini->at, *stop = start, *tail;

	ini->line++;
	for (; stop < ini->end && *stop != '\n'; stop++)
		if (((unsigned char)*stop < 0x20 && *stop != '\t') || *stop == 0x7f)
			return NULL;
	ini->at = stop < ini->end ? stop + 1 : stop;
	for (tail = stop; tail > start && is_blank(tail[-1]); tail--)
		;
	*tail = '\0';
	while (is_blank(*start))
		start++;
	return start;
}

static enum ini_kind
section(struct ini *ini, struct ini_item *item, char *c)
{
	item->name = ++c;
	while (is_name(*c))
		c++;
	if (c == item->name)
		return bad(ini, item, "a section has no name");
	if (is_blank(*c)) {
		*c++ = '\0';
		while (is_blank(*c))
			c++;
		item->label = c;
		while (is_label(*c))
			c++;
		if (c == item->label)
			return bad(ini, item,
				"a section's label is empty or has a wrong character");
	}
	if (c[0] != ']' || c[1] != '\0')
		return bad(ini, item, "a section does not end with ]");
	*c = '\0';
	return item->kind = INI_SECTION;
}

static enum ini_kind
key(struct ini *ini, struct ini_item *item, char *c)
{
	char *end;

	item->name = c;
	while (is_name(*c))
		c++;
	end = c;
	if (c == item->name)
		return bad(ini, item, "a line is neither [section] nor key = value");
	while (is_blank(*c))
		c++;
	if (*c != '=')
		return bad(ini, item, "a key is not followed by =");
	*end = '\0';
	for (c++; is_blank(*c); c++)
		;
	item->value = c;
	return item->kind = INI_KEY;
}

enum ini_kind
ini_next(struct ini *ini, struct ini_item *item)
{
	*item = (struct ini_item){.kind = INI_END, .line = ini->line};
	if (ini->error)
		return bad(ini, item, ini->error);
	while (ini->at < ini->end) {
		char *line = next_line(ini);

		item->line = ini->line;
		if (!line)
			return bad(ini, item, "a control character");
		if (*line == '\0' || *line == '#' || *line == ';')
			continue;
		return *line == '[' ? section(ini, item, line) : key(ini, item, line);
	}
	return INI_END;
}

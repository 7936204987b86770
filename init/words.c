/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Words of a value. The quoting carries every byte but NUL, so an argv comes
 * out of init.ini exactly as it went in; a shell's quoting would be shorter
 * to write but nobody writes this file by hand.
 */
#include "ini.h"

const char words_too_many[] = "too many words";

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes what follows a backslash; moves *from past it. 0: not an escape. */
static char
escape(char **from)
{
	char *c = *from;
	int high, low;

	*from = c + 1;
	switch (*c) {
	case '"':
	case '\\':
		return *c;
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'x':
		high = hex_digit(c[1]);
		low = high < 0 ? -1 : hex_digit(c[2]);
		if (low < 0)
			return 0;
		*from = c + 3;
		return (char)(high * 16 + low);
	default:
		return 0;
	}
}

/* from: behind the opening quote; to: never ahead of it. Returns behind the closing one.
 */
static char *
quoted(char *from, char *to, const char **error)
{
	while (*from != '"') {
		char c = *from;

		if (c == '\0') {
			*error = "a quoted word does not end";
			return NULL;
		}
		from++;
		if (c == '\\') {
			if (*from == '\0' || (c = escape(&from)) == 0) {
				*error = "an unknown escape in a quoted word";
				return NULL;
			}
		}
		*to++ = c;
	}
	*to = '\0';
	return from + 1;
}

static char *
bare(char *c, const char **error)
{
	for (; *c != '\0' && !is_blank(*c); c++) {
		if (*c == '"' || *c == '\\') {
			*error = "a quote or backslash in a bare word";
			return NULL;
		}
	}
	return c;
}

int
words_split(char *c, char **words, size_t max, const char **error)
{
	size_t n = 0;

	for (;;) {
		while (is_blank(*c))
			c++;
		if (*c == '\0')
			return (int)n;
		if (n == max) {
			*error = words_too_many;
			return -1;
		}
		words[n++] = c;
		c = *c == '"' ? quoted(c + 1, c, error) : bare(c, error);
		if (!c)
			return -1;
		if (*c == '\0')
			return (int)n;
		if (!is_blank(*c)) {
			*error = "a quoted word is not followed by a blank";
			return -1;
		}
		*c++ = '\0';
	}
}

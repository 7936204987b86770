/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Bytes, lines and white space. Encoding and control characters are judged once for
 * the whole text, so nothing after that has to think of them.
 */
#include "recipe/toml_scan.h"

#include <string.h>

static bool
is_control(char c)
{
	unsigned char u = (unsigned char)c;

	return (u < 0x20 && u != '\t' && u != '\n' && u != '\r') || u == 0x7f;
}

static int
bad_byte(struct scan *sc)
{
	unsigned char c = (unsigned char)*sc->s;

	if (c >= 0x80)
		diag_error(sc->diags, scan_pos(sc), "byte 0x%02x is not UTF-8", c);
	else if (c == '\r')
		diag_error(sc->diags, scan_pos(sc),
			"a carriage return without a newline after it");
	else
		diag_error(sc->diags, scan_pos(sc),
			"control character U+%04X may not stand in TOML", c);
	if (c >= 0x80)
		diag_hint(sc->diags, "TOML files are UTF-8; save this one so");
	return -1;
}

/* Bytes of the next character, 0 if it must not stand in a document. */
static size_t
char_length(const char *s, size_t n)
{
	if ((unsigned char)*s >= 0x80)
		return utf8_length(s, n);
	if (*s == '\r')
		return n > 1 && s[1] == '\n' ? 2 : 0;
	return is_control(*s) ? 0 : 1;
}

int
scan_open(struct scan *sc, int file, const char *text, size_t len, struct diags *diags)
{
	*sc = (struct scan){ text, text + len, text, 1, file, diags };
	while (sc->s < sc->end) {
		size_t n = char_length(sc->s, (size_t)(sc->end - sc->s));

		if (n == 0)
			return bad_byte(sc);
		sc->s += n;
		if (sc->s[-1] == '\n') {
			sc->line++;
			sc->line_start = sc->s;
		}
	}
	*sc = (struct scan){ text, text + len, text, 1, file, diags };
	return 0;
}

struct pos
scan_pos(const struct scan *sc)
{
	return (struct pos){ sc->line, (int)(sc->s - sc->line_start) + 1, sc->file };
}

char
scan_ahead(const struct scan *sc, size_t i)
{
	return (size_t)(sc->end - sc->s) > i ? sc->s[i] : '\0';
}

char
scan_peek(const struct scan *sc)
{
	return scan_ahead(sc, 0);
}

bool
scan_at_eol(const struct scan *sc)
{
	char c = scan_peek(sc);

	return c == '\0' || c == '\n' || c == '\r';
}

bool
scan_take(struct scan *sc, char c)
{
	if (sc->s == sc->end || *sc->s != c)
		return false;
	sc->s++;
	return true;
}

void
scan_space(struct scan *sc)
{
	while (scan_peek(sc) == ' ' || scan_peek(sc) == '\t')
		sc->s++;
}

bool
scan_newline(struct scan *sc)
{
	scan_take(sc, '\r');
	if (!scan_take(sc, '\n'))
		return false;
	sc->line++;
	sc->line_start = sc->s;
	return true;
}

void
scan_comment(struct scan *sc)
{
	if (scan_peek(sc) != '#')
		return;
	while (!scan_at_eol(sc))
		sc->s++;
}

void
scan_blank(struct scan *sc)
{
	do {
		scan_space(sc);
		scan_comment(sc);
	} while (scan_newline(sc));
}

int
scan_wants(const struct scan *sc, const char *what)
{
	size_t n = 0;

	if (scan_peek(sc) == '\0')
		return diag_error(
			sc->diags, scan_pos(sc), "%s is wanted here, not the end", what);
	if (scan_at_eol(sc))
		return diag_error(sc->diags, scan_pos(sc),
			"%s is wanted here, not the end of the line", what);
	n = utf8_length(sc->s, (size_t)(sc->end - sc->s));
	return diag_error(sc->diags, scan_pos(sc), "%s is wanted here, not '%.*s'", what,
		(int)n, sc->s);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The four kinds of strings: one quote or three, with escapes (") or without ('). */
#include "recipe/toml_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	char name, byte;
} escapes[] = {
	{ 'b', '\b' },
	{ 't', '\t' },
	{ 'n', '\n' },
	{ 'f', '\f' },
	{ 'r', '\r' },
	{ '"', '"' },
	{ '\\', '\\' },
};

static bool
in_range(const char *s, size_t n, size_t i, unsigned from, unsigned to)
{
	return i < n && (unsigned char)s[i] >= from && (unsigned char)s[i] <= to;
}

/* The second byte is where overlong forms, surrogates and too large ones show. */
size_t
utf8_length(const char *s, size_t n)
{
	static const struct {
		unsigned char first, last, low, high, len;
	} forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
		size_t len = forms[f].len;

		if (!in_range(s, n, 0, forms[f].first, forms[f].last))
			continue;
		if (len > 1 && !in_range(s, n, 1, forms[f].low, forms[f].high))
			return 0;
		for (size_t i = 2; i < len; i++)
			if (!in_range(s, n, i, 0x80, 0xbf))
				return 0;
		return len;
	}
	return 0;
}

static void
add_utf8(struct str *out, uint32_t c)
{
	if (c < 0x80) {
		str_addc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		str_addc(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		str_addc(out, (char)(0xe0 | c >> 12));
		str_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		str_addc(out, (char)(0xf0 | c >> 18));
		str_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		str_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	str_addc(out, (char)(0x80 | (c & 0x3f)));
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

/* The scan stands on the 'u' or 'U'. */
static int
read_unicode(struct scan *sc, struct str *out, struct pos start)
{
	size_t digits = *sc->s == 'u' ? 4 : 8;
	uint32_t c = 0;

	for (size_t i = 1; i <= digits; i++) {
		int d = hex_digit(scan_ahead(sc, i));

		if (d < 0)
			return diag_error(sc->diags, start,
				"\\%c wants %zu hexadecimal digits", *sc->s, digits);
		c = c << 4 | (uint32_t)d;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return diag_error(sc->diags, start, "U+%04X is no character", (unsigned)c);
	add_utf8(out, c);
	sc->s += 1 + digits;
	return 0;
}

/* A backslash that ends a line takes all white space after it away. */
static bool
skip_continuation(struct scan *sc)
{
	struct scan ahead = *sc;

	scan_space(&ahead);
	if (!scan_newline(&ahead))
		return false;
	do
		scan_space(&ahead);
	while (scan_newline(&ahead));
	*sc = ahead;
	return true;
}

static int
read_escape(struct scan *sc, struct str *out, bool lines)
{
	struct pos start = scan_pos(sc);
	char c;

	sc->s++;
	if (lines && skip_continuation(sc))
		return 0;
	c = scan_peek(sc);
	if (c == 'u' || c == 'U')
		return read_unicode(sc, out, start);
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		if (escapes[i].name == c) {
			str_addc(out, escapes[i].byte);
			sc->s++;
			return 0;
		}
	}
	diag_error(sc->diags, start, "there is no such escape in TOML");
	diag_hint(sc->diags, "write \\\\ for a backslash, or use '...' where nothing is escaped");
	return -1;
}

/* Takes quotes that stand in a row: text, or the end of the string (returns true). */
static bool
take_quotes(struct scan *sc, struct str *out, char quote, size_t marks)
{
	size_t n = 1;

	while (n < marks + 2 && marks > 1 && scan_ahead(sc, n) == quote)
		n++;
	sc->s += n;
	for (size_t i = n < marks ? 0 : marks; i < n; i++)
		str_addc(out, quote);
	return n >= marks;
}

static int
unclosed(struct scan *sc, struct pos start, char quote, size_t marks)
{
	static const char three[2][4] = { "\"\"\"", "'''" };
	bool single = quote == '\'';

	diag_error(sc->diags, start, "this string is not closed");
	diag_hint(sc->diags, "it ends at the next %s%s",
		three[single] + (3 - marks), marks == 1 ? " on the same line" : "");
	return -1;
}

static int
read_quoted(struct scan *sc, struct str *out, size_t marks)
{
	struct pos start = scan_pos(sc);
	char quote = *sc->s;

	sc->s += marks;
	if (marks == 3)
		scan_newline(sc);
	for (;;) {
		const char *from = sc->s;

		while (sc->s < sc->end && *sc->s != quote && *sc->s != '\\' && !scan_at_eol(sc))
			sc->s++;
		str_addn(out, from, (size_t)(sc->s - from));
		if (scan_peek(sc) == quote) {
			if (take_quotes(sc, out, quote, marks))
				return 0;
		} else if (scan_peek(sc) == '\\' && quote == '"') {
			if (read_escape(sc, out, marks == 3) < 0)
				return -1;
		} else if (scan_take(sc, '\\')) {
			str_addc(out, '\\');
		} else if (marks == 1 || !scan_newline(sc)) {
			return unclosed(sc, start, quote, marks);
		} else {
			str_addc(out, '\n');
		}
	}
}

static bool
at_three(const struct scan *sc)
{
	return scan_ahead(sc, 1) == *sc->s && scan_ahead(sc, 2) == *sc->s;
}

int
scan_string(struct scan *sc, struct str *out)
{
	return read_quoted(sc, out, at_three(sc) ? 3 : 1);
}

int
scan_quoted_key(struct scan *sc, struct str *out)
{
	if (at_three(sc))
		return diag_error(sc->diags, scan_pos(sc), "a key has one quote, not three");
	return read_quoted(sc, out, 1);
}

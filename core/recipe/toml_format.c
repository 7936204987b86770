/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Keys, texts and numbers are copied as they were written; only what is between them is
 * written anew, so the meaning cannot change and the diff of a first run stays small.
 */
#include "recipe/toml_format.h"

#include <string.h>

#include "base/mem.h"
#include "recipe/toml_layout.h"

static int format_value(struct scan *sc, struct str *out, int depth);

/* Line ends are plain newlines from here on. */
static void
copy(struct str *out, const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\r' || from + 1 == to || from[1] != '\n')
			str_addc(out, *from);
}

static void
copy_comment(struct scan *sc, struct str *out)
{
	const char *from = sc->s, *to;

	scan_comment(sc);
	for (to = sc->s; to > from && (to[-1] == ' ' || to[-1] == '\t');)
		to--;
	copy(out, from, to);
}

static int
format_key(struct scan *sc, struct str *out)
{
	const char *from;
	cleanup_key struct key k = KEY_INIT;
	struct scan end = *sc;

	if (key_scan(&k, &end) < 0)
		return -1;
	/* Part by part: what is in quotes stays, blanks around dots go. */
	for (size_t i = 0; i < k.parts.len; i++) {
		cleanup_str struct str ignored = STR_INIT;

		scan_space(sc);
		from = sc->s;
		if (*sc->s == '"' || *sc->s == '\'')
			scan_quoted_key(sc, &ignored);
		else
			while (sc->s < sc->end && !strchr(" \t.=]", *sc->s))
				sc->s++;
		if (i)
			str_addc(out, '.');
		copy(out, from, sc->s);
		scan_space(sc);
		if (i + 1 < k.parts.len)
			scan_take(sc, '.');
	}
	return 0;
}

static int
format_pair(struct scan *sc, struct str *out, int depth)
{
	if (format_key(sc, out) < 0 || !scan_take(sc, '='))
		return -1;
	scan_space(sc);
	str_add(out, " = ");
	return format_value(sc, out, depth);
}

static int
format_braces(struct scan *sc, struct str *out, int depth)
{
	bool first = true;

	sc->s++;
	str_addc(out, '{');
	for (scan_space(sc); !scan_take(sc, '}'); scan_space(sc)) {
		str_add(out, first ? " " : ", ");
		first = false;
		if (format_pair(sc, out, depth) < 0)
			return -1;
		scan_space(sc);
		scan_take(sc, ',');
	}
	str_add(out, first ? "}" : " }");
	return 0;
}

static void
new_line(struct str *out, int depth)
{
	str_addc(out, '\n');
	for (int i = 0; i < depth; i++)
		str_addc(out, '\t');
}

static int
format_short_array(struct scan *sc, struct str *out, int depth)
{
	bool first = true;

	sc->s++;
	str_addc(out, '[');
	for (scan_space(sc); !scan_take(sc, ']'); scan_space(sc)) {
		if (!first)
			str_add(out, ", ");
		first = false;
		if (format_value(sc, out, depth) < 0)
			return -1;
		scan_space(sc);
		scan_take(sc, ',');
	}
	str_addc(out, ']');
	return 0;
}

/* One item a line; a comment stays on the line of its item, or on its own. */
static int
format_long_array(struct scan *sc, struct str *out, int depth)
{
	bool same_line = true, empty = true;

	sc->s++;
	str_addc(out, '[');
	for (scan_space(sc); !scan_take(sc, ']'); scan_space(sc)) {
		if (scan_newline(sc)) {
			same_line = false;
			continue;
		}
		if (scan_take(sc, ','))
			continue;
		if (scan_peek(sc) == '#') {
			if (same_line)
				str_addc(out, ' ');
			else
				new_line(out, depth + 1);
			copy_comment(sc, out);
		} else {
			new_line(out, depth + 1);
			if (format_value(sc, out, depth + 1) < 0)
				return -1;
			str_addc(out, ',');
			same_line = true;
		}
		empty = false;
	}
	if (!empty)
		new_line(out, depth);
	str_addc(out, ']');
	return 0;
}

static int
format_value(struct scan *sc, struct str *out, int depth)
{
	const char *from = sc->s;
	struct scan end = *sc;

	if (layout_skip(&end) < 0)
		return -1;
	if (*from == '{')
		return format_braces(sc, out, depth);
	if (*from == '[')
		return memchr(from, '\n', (size_t)(end.s - from))
			? format_long_array(sc, out, depth)
			: format_short_array(sc, out, depth);
	copy(out, from, end.s);
	*sc = end;
	return 0;
}

/* ---- Lines ----------------------------------------------------------- */

static int
format_item(const struct layout *l, const struct layout_item *item, struct str *out)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct scan sc = { .s = l->text + item->at, .end = l->text + item->end,
		.line_start = l->text + item->at, .line = 1, .diags = &ignored };
	bool many = item->kind == LAYOUT_MANY;
	int result = 0;

	if (item->kind == LAYOUT_PAIR) {
		result = format_pair(&sc, out, 0);
	} else if (item->kind != LAYOUT_COMMENT) {
		sc.s += many ? 2 : 1;
		str_add(out, many ? "[[" : "[");
		result = format_key(&sc, out);
		str_add(out, many ? "]]" : "]");
		sc.s += many ? 2 : 1;
	}
	scan_space(&sc);
	if (scan_peek(&sc) == '#') {
		if (item->kind != LAYOUT_COMMENT)
			str_addc(out, ' ');
		copy_comment(&sc, out);
	}
	str_addc(out, '\n');
	return result;
}

/* A header, or comments that touch one: a blank line goes before these. */
static bool
begins_table(const struct layout *l, size_t i)
{
	if (i && l->items.v[i - 1].kind == LAYOUT_COMMENT)
		return false;
	while (i < l->items.len && l->items.v[i].kind == LAYOUT_COMMENT)
		i++;
	return i < l->items.len &&
		(l->items.v[i].kind == LAYOUT_HEADER || l->items.v[i].kind == LAYOUT_MANY);
}

int
toml_format(const char *text, size_t len, struct str *out)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	bool blank = false;

	if (layout_open(&l, text, len) < 0)
		return -1;
	for (size_t i = 0; i < l.items.len; i++) {
		const struct layout_item *item = &l.items.v[i];

		if (item->kind == LAYOUT_BLANK) {
			blank = true;
			continue;
		}
		if (out->len && (blank || begins_table(&l, i)))
			str_addc(out, '\n');
		blank = false;
		if (format_item(&l, item, out) < 0)
			return -1;
	}
	return 0;
}

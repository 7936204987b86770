/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Shows a problem below its line of source. The line may hold anything: what would
 * move the cursor or confuse a terminal is shown as '?', and of a very long line only
 * the part around the place is shown, so that the caret always stands right.
 */
#include "recipe/diag.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define LINE_SHOWN 160 /* bytes of a source line */
#define LINE_BEFORE 60 /* of them before the place, when the line is longer */

/* The part of a source line that is shown. */
struct window {
	const char *s;
	size_t len;
	size_t at, width; /* the place in it and how many bytes to underline */
	bool cut_left, cut_right;
};

static const char *const severity_names[] = {
	[DIAG_ERROR] = "error",
	[DIAG_WARNING] = "warning",
};

/* Length of the UTF-8 sequence at s, 0 if there is none that may be shown. */
static size_t
shown_char(const char *s, size_t n)
{
	unsigned char c = (unsigned char)*s;
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (c < 0x20 || c == 0x7f || c > 0xf4 || len == 0 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
	/* U+0080 to U+009F are control characters too. */
	return c == 0xc2 && (unsigned char)s[1] < 0xa0 ? 0 : len;
}

static void
add_clean(struct str *out, const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len ? len : 1) {
		len = shown_char(s + i, n - i);
		str_addn(out, len || s[i] == '\t' ? s + i : "?", len ? len : 1);
	}
}

/* One column of fill for each character of s, tabs kept so that both lines agree. */
static void
add_columns(struct str *out, const char *s, size_t n, char fill)
{
	for (size_t i = 0, len; i < n; i += len ? len : 1) {
		len = shown_char(s + i, n - i);
		str_addc(out, s[i] == '\t' && fill == ' ' ? '\t' : fill);
	}
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* How much of the line to underline: a word, or a string with its quotes. */
static size_t
token_width(const char *s, size_t n)
{
	size_t i = 1;

	if (n && (*s == '"' || *s == '\'')) {
		while (i < n && s[i] != *s)
			i += s[i] == '\\' && *s == '"' && i + 1 < n ? 2 : 1;
		return i < n ? i + 1 : n;
	}
	while (n && is_bare(*s) && i < n && is_bare(s[i]))
		i++;
	return i;
}

static bool
is_tail_byte(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Finds line pos.line and cuts it to what is shown. */
static bool
find_window(const struct source *source, struct pos pos, struct window *w)
{
	const char *s = source->text, *end = s + source->len, *eol;
	size_t from = 0;

	for (int line = 1; line < pos.line; line++) {
		s = memchr(s, '\n', (size_t)(end - s));
		if (!s)
			return false;
		s++;
	}
	eol = memchr(s, '\n', (size_t)(end - s));
	*w = (struct window){ .s = s, .len = (size_t)((eol ? eol : end) - s) };
	if (w->len && s[w->len - 1] == '\r')
		w->len--;
	w->at = pos.column < 1 ? 0 : (size_t)pos.column - 1;
	w->at = w->at > w->len ? w->len : w->at;
	w->width = token_width(s + w->at, w->len - w->at);
	if (w->len > LINE_SHOWN && w->at > LINE_BEFORE) {
		for (from = w->at - LINE_BEFORE; from < w->at && is_tail_byte(s[from]);)
			from++;
		w->cut_left = true;
	}
	w->s += from;
	w->len -= from;
	w->at -= from;
	if (w->len > LINE_SHOWN) {
		for (w->len = LINE_SHOWN; w->len > w->at && is_tail_byte(w->s[w->len]);)
			w->len--;
		w->cut_right = true;
	}
	if (w->width > w->len - w->at)
		w->width = w->len - w->at;
	return true;
}

static void
add_source(struct str *out, const struct diags *d, struct pos pos)
{
	const struct source *source = sources_get(&d->sources, pos.file);
	struct window w;
	char number[16];
	size_t first;
	int margin;

	if (!source || !source->text || pos.line < 1 || !find_window(source, pos, &w))
		return;
	margin = snprintf(number, sizeof(number), "%5d", pos.line);
	str_addf(out, "%s | %s", number, w.cut_left ? "..." : "");
	add_clean(out, w.s, w.len);
	str_addf(out, "%s\n%*s | %s", w.cut_right ? "..." : "", margin, "",
		w.cut_left ? "   " : "");
	add_columns(out, w.s, w.at, ' ');
	str_addc(out, '^');
	first = w.at < w.len ? shown_char(w.s + w.at, w.len - w.at) : 0;
	first = first ? first : 1;
	if (w.width > first)
		add_columns(out, w.s + w.at + first, w.width - first, '~');
	str_addc(out, '\n');
}

/* Without a line it is about the file, as all that msmv says of files. */
static void
add_head(struct str *out, const struct diags *d, const struct diag *one)
{
	const struct source *source = sources_get(&d->sources, one->pos.file);
	const char *file = source ? source->file : NULL;
	const char *severity = severity_names[one->severity];

	if (one->pos.line > 0)
		str_addf(out, "%s%s%d:%d: %s: ", file ? file : "", file ? ":" : "",
			one->pos.line, one->pos.column, severity);
	else if (file)
		str_addf(out, "msmv: %s: %s: ", severity, file);
	else
		str_addf(out, "%s: ", severity);
}

static void
add_diag(struct str *out, const struct diags *d, const struct diag *one)
{
	add_head(out, d, one);
	add_clean(out, one->message, strlen(one->message));
	str_addc(out, '\n');
	add_source(out, d, one->pos);
	for (const char *s = one->hint; s && *s;) {
		size_t n = strcspn(s, "\n");

		str_add(out, "      = ");
		add_clean(out, s, n);
		str_addc(out, '\n');
		s += n + (s[n] == '\n');
	}
}

char *
diags_text(const struct diags *d)
{
	struct str out = STR_INIT;

	for (size_t i = 0; i < d->list.len; i++)
		add_diag(&out, d, &d->list.v[i]);
	if (d->errors + d->warnings > d->list.len)
		str_addf(&out, "and %zu more\n", d->errors + d->warnings - d->list.len);
	return str_take(&out);
}

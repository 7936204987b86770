/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The grammar once more, for places instead of values. It trusts the reader to have
 * refused whatever is no TOML, so it only has to see where a thing ends.
 */
#include "recipe/toml_layout.h"

#include <string.h>

#include "value/value.h"

struct walk {
	struct scan sc;
	struct layout *out;
};

static size_t
here(const struct walk *w)
{
	return (size_t)(w->sc.s - w->out->text);
}

/* ---- Values ---------------------------------------------------------- */

static int
skip_array(struct scan *sc)
{
	sc->s++;
	for (scan_blank(sc); !scan_take(sc, ']'); scan_blank(sc)) {
		if (layout_skip(sc) < 0)
			return -1;
		scan_blank(sc);
		scan_take(sc, ',');
	}
	return 0;
}

static int
skip_braces(struct scan *sc)
{
	sc->s++;
	for (scan_space(sc); !scan_take(sc, '}'); scan_space(sc)) {
		cleanup_key struct key k = KEY_INIT;

		if (key_scan(&k, sc) < 0 || !scan_take(sc, '='))
			return -1;
		scan_space(sc);
		if (layout_skip(sc) < 0)
			return -1;
		scan_space(sc);
		scan_take(sc, ',');
	}
	return 0;
}

int
layout_skip(struct scan *sc)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_value struct value *v = NULL;
	char c = scan_peek(sc);

	if (c == '"' || c == '\'')
		return scan_string(sc, &text);
	if (c == '[')
		return skip_array(sc);
	if (c == '{')
		return skip_braces(sc);
	v = scan_scalar(sc);
	return v ? 0 : -1;
}

/* ---- Lines ----------------------------------------------------------- */

static int
walk_pair(struct walk *w, struct layout_item *item)
{
	item->kind = LAYOUT_PAIR;
	if (key_scan(&item->key, &w->sc) < 0 || !scan_take(&w->sc, '='))
		return -1;
	scan_space(&w->sc);
	item->value = here(w);
	if (layout_skip(&w->sc) < 0)
		return -1;
	item->value_end = here(w);
	return 0;
}

static int
walk_header(struct walk *w, struct layout_item *item)
{
	w->sc.s++;
	item->kind = scan_take(&w->sc, '[') ? LAYOUT_MANY : LAYOUT_HEADER;
	item->value = here(w);
	if (key_scan(&item->key, &w->sc) < 0)
		return -1;
	item->value_end = here(w);
	if (!scan_take(&w->sc, ']') ||
		(item->kind == LAYOUT_MANY && !scan_take(&w->sc, ']')))
		return -1;
	return 0;
}

static int
walk_line(struct walk *w, struct layout_item *item)
{
	char c;
	int result = 0;

	scan_space(&w->sc);
	item->at = here(w);
	c = scan_peek(&w->sc);
	if (c == '[')
		result = walk_header(w, item);
	else if (c == '#')
		item->kind = LAYOUT_COMMENT;
	else if (scan_at_eol(&w->sc))
		item->kind = LAYOUT_BLANK;
	else
		result = walk_pair(w, item);
	scan_space(&w->sc);
	scan_comment(&w->sc);
	if (result < 0 || !scan_at_eol(&w->sc))
		return -1;
	scan_newline(&w->sc);
	item->end = here(w);
	return 0;
}

int
layout_open(struct layout *l, const char *text, size_t len)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct walk w = { .out = l };
	size_t header = LAYOUT_ROOT;

	*l = (struct layout){ .text = text, .len = len };
	if (scan_open(&w.sc, 0, text, len, &ignored) < 0)
		return -1;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		w.sc.s += 3;
	while (w.sc.s < w.sc.end) {
		struct layout_item item = { .start = here(&w), .header = header };
		int result = walk_line(&w, &item);

		if (item.kind == LAYOUT_HEADER || item.kind == LAYOUT_MANY)
			header = l->items.len;
		vec_push(&l->items, item);
		if (result < 0)
			return -1;
	}
	return 0;
}

int
layout_braces(struct layout *l, const char *text, size_t len, size_t open)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct walk w = { .out = l };

	*l = (struct layout){ .text = text, .len = len, .open = open };
	w.sc = (struct scan){ .s = text + open + 1, .end = text + len, .line_start = text,
		.line = 1, .diags = &ignored };
	for (scan_space(&w.sc); !scan_take(&w.sc, '}'); scan_space(&w.sc)) {
		struct layout_item item = { .start = here(&w), .at = here(&w),
			.header = LAYOUT_ROOT };
		int result = walk_pair(&w, &item);

		item.end = item.value_end;
		vec_push(&l->items, item);
		if (result < 0)
			return -1;
		scan_space(&w.sc);
		scan_take(&w.sc, ',');
	}
	l->close = here(&w) - 1;
	return 0;
}

void
layout_release(struct layout *l)
{
	for (size_t i = 0; i < l->items.len; i++)
		key_release(&l->items.v[i].key);
	vec_release(&l->items);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Notes come in the order of the text, so the one that is looked for is mostly the last. */
#include "recipe/notes.h"

#include <string.h>

#include "recipe/toml_layout.h"

struct note *
notes_at(struct notes *n, int line)
{
	if (!n->list.len || n->list.v[n->list.len - 1].line != line)
		vec_push(&n->list, ((struct note){ line, STR_INIT, false }));
	return &n->list.v[n->list.len - 1];
}

void
notes_toml(struct notes *n, const char *text, size_t len)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	cleanup_str struct str above = STR_INIT;
	const char *at = text;
	int line = 1;

	if (layout_open(&l, text, len) < 0)
		return;
	for (size_t i = 0; i < l.items.len; i++) {
		const struct layout_item *item = &l.items.v[i];
		const char *end = text + item->end, *tail;

		for (; at < text + item->at; at++)
			line += *at == '\n';
		if (item->kind == LAYOUT_COMMENT)
			str_addn(&above, text + item->at,
				strcspn(text + item->at, "\r\n"));
		if (item->kind == LAYOUT_COMMENT || (item->kind == LAYOUT_BLANK && above.len))
			str_addc(&above, '\n');
		if (item->kind == LAYOUT_COMMENT || item->kind == LAYOUT_BLANK)
			continue;
		tail = memchr(text + item->value_end, '#', item->end - item->value_end);
		if (tail) {
			while (end > tail && (end[-1] == '\n' || end[-1] == '\r'))
				end--;
			str_addf(&above, "%.*s\n", (int)(end - tail), tail);
		}
		if (above.len)
			notes_at(n, line)->text = above;
		above = (struct str)STR_INIT;
	}
	if (above.len)
		notes_at(n, NOTES_END)->text = above;
	above = (struct str)STR_INIT;
}

static struct note *
find(const struct notes *n, int line)
{
	size_t low = 0, high = n->list.len;

	if (line == NOTES_END)
		return high && n->list.v[high - 1].line == NOTES_END
			? &n->list.v[high - 1] : NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int at = n->list.v[mid].line;

		if (at == line)
			return &n->list.v[mid];
		if (at == NOTES_END || at > line)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

void
notes_take(struct notes *n, int line, int indent, struct str *out)
{
	struct note *note = n ? find(n, line) : NULL;

	if (!note || note->used)
		return;
	note->used = true;
	for (const char *s = str_text(&note->text); *s;) {
		size_t len = strcspn(s, "\n");

		str_addf(out, "%*s%.*s\n", len ? indent : 0, "", (int)len, s);
		s += len + (s[len] == '\n');
	}
}

size_t
notes_left(const struct notes *n)
{
	size_t left = 0;

	for (size_t i = 0; i < n->list.len; i++)
		left += !n->list.v[i].used;
	return left;
}

void
notes_release(struct notes *n)
{
	for (size_t i = 0; i < n->list.len; i++)
		str_release(&n->list.v[i].text);
	vec_release(&n->list);
}

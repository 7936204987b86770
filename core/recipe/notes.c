/* SPDX-License-Identifier: GPL-3.0-only */
/* Notes come in the order of the text, so the one that is looked for is mostly the last. */
#include "recipe/notes.h"

#include <stdlib.h>
#include <string.h>

#include "recipe/toml_layout.h"

void
notes_add(struct notes *n, int line, struct str *text)
{
	if (!text->len)
		return;
	if (!n->list.len || n->list.v[n->list.len - 1].line != line)
		vec_push(&n->list, ((struct note){ line, STR_INIT, false }));
	str_addn(&n->list.v[n->list.len - 1].text, text->p, text->len);
	str_reset(text);
}

/* Comments between the items of a value; what quotes hold is none. */
static void
add_inner(struct str *out, const char *s, const char *end)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct scan sc = { .s = s, .end = end, .line_start = s, .line = 1,
		.diags = &ignored };

	while (sc.s < sc.end) {
		cleanup_str struct str text = STR_INIT;
		size_t len = strcspn(sc.s, "\r\n");

		if (*sc.s == '"' || *sc.s == '\'') {
			if (scan_string(&sc, &text) < 0)
				return;
		} else if (*sc.s == '#') {
			str_addf(out, "%.*s\n", (int)len, sc.s);
			sc.s += len;
		} else {
			sc.s++;
		}
	}
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
		if (item->kind == LAYOUT_PAIR)
			add_inner(&above, text + item->value, text + item->value_end);
		tail = memchr(text + item->value_end, '#', item->end - item->value_end);
		if (tail) {
			while (end > tail && (end[-1] == '\n' || end[-1] == '\r'))
				end--;
			str_addf(&above, "%.*s\n", (int)(end - tail), tail);
		}
		notes_add(n, line, &above);
	}
	notes_add(n, NOTES_END, &above);
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

/* ---- Keys ------------------------------------------------------------ */

typedef VEC(int) lines;

static void
add_lines(lines *keys, const struct value *table)
{
	for (size_t i = 0; i < table->table.len; i++) {
		const struct value *v = table->table.items[i].value;

		vec_push(keys, v->key_pos.line);
		if (v->kind == VALUE_TABLE)
			add_lines(keys, v);
	}
}

static int
compare(const void *x, const void *y)
{
	const int *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

void
notes_settle(struct notes *n, const struct value *root)
{
	struct notes old = *n;
	lines keys = VEC_INIT;
	size_t k = 0;

	*n = (struct notes)NOTES_INIT;
	add_lines(&keys, root);
	if (keys.len)
		qsort(keys.v, keys.len, sizeof(*keys.v), compare);
	for (size_t i = 0; i < old.list.len; i++) {
		struct note *note = &old.list.v[i];

		while (k + 1 < keys.len && keys.v[k + 1] <= note->line)
			k++;
		notes_add(n, note->line == NOTES_END || !keys.len ? NOTES_END : keys.v[k],
			&note->text);
	}
	notes_release(&old);
	vec_release(&keys);
}

/* ---- What is left ---------------------------------------------------- */

static size_t
comment_lines(const char *s)
{
	size_t n = 0;

	for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
		n += *s == '#';
	return n;
}

size_t
notes_left(const struct notes *n)
{
	size_t left = 0;

	for (size_t i = 0; i < n->list.len; i++)
		if (!n->list.v[i].used)
			left += comment_lines(str_text(&n->list.v[i].text));
	return left;
}

void
notes_release(struct notes *n)
{
	for (size_t i = 0; i < n->list.len; i++)
		str_release(&n->list.v[i].text);
	vec_release(&n->list);
}

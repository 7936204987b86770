/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * TOML: a key that is not there yet. It goes where a person would write it, by how the
 * table around it is written:
 *
 *	in braces        { NET = "y", UNIX = "y" }           as a further member
 *	by dotted keys   options.UNIX = "y"                  after the last of them
 *	by its header    [kernel.options]                    after its last key
 *	by others' only  [kernel.options] without [kernel]   a header before those
 */
#include <string.h>

#include "base/mem.h"
#include "recipe/edit_part.h"
#include "recipe/toml_layout.h"
#include "recipe/toml_write.h"

static void
add_keys(struct str *out, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addc(out, '.');
		toml_write_key(out, keys[i]);
	}
}

static void
add_pair(struct str *out, const char *const *keys, size_t n, const struct value *v)
{
	add_keys(out, keys, n);
	str_add(out, " = ");
	toml_write_value(out, v);
}

/* ---- In braces ------------------------------------------------------- */

static int
add_to_braces(const struct edit_job *job, size_t open, const char *const *keys, size_t n,
	size_t existing)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	cleanup_str struct str text = STR_INIT;
	size_t from, to;

	if (job->text[open] != '{' || layout_braces(&l, job->text, job->len, open) < 0)
		return -1;
	for (size_t i = 0; i < l.items.len; i++) {
		struct edit_match m = edit_toml_match(&l, &l.items.v[i], keys, n);

		if (m.common == m.total && m.total <= existing)
			return add_to_braces(job, l.items.v[i].value, keys + m.total,
				n - m.total, existing - m.total);
	}
	str_add(&text, l.items.len ? ", " : " ");
	add_pair(&text, keys, n, job->v);
	if (!l.items.len)
		str_addc(&text, ' ');
	from = l.items.len ? l.items.v[l.items.len - 1].value_end : open + 1;
	to = l.items.len ? from : l.close;
	str_addn(job->out, job->text, from);
	str_addn(job->out, text.p, text.len);
	str_addn(job->out, job->text + to, job->len - to);
	return 0;
}

/* ---- On lines of its own --------------------------------------------- */

/* Indented like the line above it. */
static int
add_line(const struct layout *l, const struct edit_job *job, size_t above, size_t skip)
{
	const struct layout_item *item = &l->items.v[above];
	cleanup_str struct str text = STR_INIT;

	str_addn(&text, l->text + item->start, item->at - item->start);
	add_pair(&text, job->keys + skip, job->nkeys - skip, job->v);
	str_addc(&text, '\n');
	edit_insert(job, item->end, str_text(&text));
	return 0;
}

/* The header and what stands below it; of a table each member is a line. */
static void
new_table(struct str *out, const struct edit_job *job)
{
	bool table = job->v->kind == VALUE_TABLE;

	str_addc(out, '[');
	add_keys(out, job->keys, job->nkeys - !table);
	str_add(out, "]\n");
	for (size_t i = 0; table && i < job->v->table.len; i++) {
		const char *key = job->v->table.items[i].key;

		add_pair(out, &key, 1, job->v->table.items[i].value);
		str_addc(out, '\n');
	}
	if (!table) {
		add_pair(out, job->keys + job->nkeys - 1, 1, job->v);
		str_addc(out, '\n');
	}
}

/* Comments that touch what is above them belong to it, unless a header follows. */
static size_t
after_comments(const struct layout *l, size_t i)
{
	size_t k = i + 1;

	while (k < l->items.len && l->items.v[k].kind == LAYOUT_COMMENT)
		k++;
	if (k < l->items.len && l->items.v[k].kind != LAYOUT_BLANK)
		return i;
	return k - 1;
}

/* A new table after item last, which LAYOUT_ROOT puts at the end. */
static int
add_table(const struct layout *l, const struct edit_job *job, size_t last)
{
	cleanup_str struct str text = STR_INIT;
	size_t i = last, at;

	if (last == LAYOUT_ROOT)
		for (i = l->items.len; i && l->items.v[i - 1].kind == LAYOUT_BLANK;)
			i--;
	else
		i = after_comments(l, last) + 1;
	at = i ? l->items.v[i - 1].end : 0;
	if (!i && l->items.len)
		at = l->items.v[0].start;
	else if (!l->items.len)
		at = l->len;
	if (i)
		str_addc(&text, '\n');
	new_table(&text, job);
	if (i < l->items.len && l->items.v[i].kind != LAYOUT_BLANK)
		str_addc(&text, '\n');
	edit_insert(job, at, str_text(&text));
	return 0;
}

/* Before a header and the comments that touch it, or below those that open the file. */
static int
add_before(const struct layout *l, const struct edit_job *job, size_t header,
	const char *lines)
{
	size_t i = header;

	while (i && l->items.v[i - 1].kind == LAYOUT_COMMENT)
		i--;
	edit_insert(job, l->items.v[i ? i : header].start, lines);
	return 0;
}

/* ---- Where ----------------------------------------------------------- */

/* What is known of the table around the new key. */
struct home {
	size_t braces; /* the pair that is it, or holds it */
	size_t header; /* its own header */
	size_t dotted; /* the last pair that leads through it from a shorter header */
	size_t first;  /* the first longer header */
	size_t last;   /* the last item inside it */
};

static struct home
find_home(const struct layout *l, const struct edit_job *job)
{
	struct home h = { LAYOUT_ROOT, LAYOUT_ROOT, LAYOUT_ROOT, LAYOUT_ROOT, LAYOUT_ROOT };
	size_t depth = job->existing;

	for (size_t i = 0; i < l->items.len; i++) {
		const struct layout_item *item = &l->items.v[i];
		struct edit_match m = edit_toml_match(l, item, job->keys, depth);
		bool pair = item->kind == LAYOUT_PAIR;

		if (item->kind == LAYOUT_BLANK || item->kind == LAYOUT_COMMENT)
			continue;
		if (pair && m.common == m.total)
			h.braces = i;
		if (m.common < depth)
			continue;
		h.last = i;
		if (!pair && m.total == depth)
			h.header = i;
		else if (!pair && h.first == LAYOUT_ROOT)
			h.first = i;
		else if (pair && m.header < depth)
			h.dotted = i;
	}
	return h;
}

/* The last pair below a header, or the header; of the root LAYOUT_ROOT if none. */
static size_t
last_of(const struct layout *l, size_t header)
{
	size_t last = header;

	for (size_t i = 0; i < l->items.len; i++)
		if (l->items.v[i].kind == LAYOUT_PAIR && l->items.v[i].header == header)
			last = i;
	return last;
}

static int
add_to_root(const struct layout *l, const struct edit_job *job)
{
	cleanup_str struct str text = STR_INIT;
	size_t last = last_of(l, LAYOUT_ROOT);

	if (last != LAYOUT_ROOT)
		return add_line(l, job, last, 0);
	add_pair(&text, job->keys, job->nkeys, job->v);
	str_addc(&text, '\n');
	for (size_t i = 0; i < l->items.len; i++)
		if (l->items.v[i].kind != LAYOUT_BLANK &&
			l->items.v[i].kind != LAYOUT_COMMENT) {
			str_addc(&text, '\n');
			return add_before(l, job, i, str_text(&text));
		}
	edit_insert(job, l->len, str_text(&text));
	return 0;
}

/* By what is around the new key; -1 if nothing of that table is in the text. */
static int
add_at_home(const struct layout *l, const struct edit_job *job)
{
	/* A key beside others; else it needs a header of its own. */
	bool key = job->nkeys - job->existing == 1 && job->v->kind != VALUE_TABLE;
	struct home h = find_home(l, job);
	cleanup_str struct str text = STR_INIT;
	struct edit_match m = { 0 };

	if (h.braces != LAYOUT_ROOT || h.dotted != LAYOUT_ROOT)
		m = edit_toml_match(l,
			&l->items.v[h.braces != LAYOUT_ROOT ? h.braces : h.dotted],
			job->keys, job->nkeys);
	if (h.braces != LAYOUT_ROOT)
		return add_to_braces(job, l->items.v[h.braces].value, job->keys + m.total,
			job->nkeys - m.total, job->existing - m.total);
	if (h.header == LAYOUT_ROOT && h.dotted != LAYOUT_ROOT)
		return add_line(l, job, h.dotted, m.header);
	if (h.last == LAYOUT_ROOT)
		return -1;
	if (!key)
		return add_table(l, job, h.last);
	if (h.header != LAYOUT_ROOT)
		return add_line(l, job, last_of(l, h.header), job->existing);
	new_table(&text, job);
	str_addc(&text, '\n');
	return add_before(l, job, h.first, str_text(&text));
}

int
edit_toml_add(const struct edit_job *job)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	struct edit_job at = *job;

	if (layout_open(&l, job->text, job->len) < 0)
		return -1;
	/* What was removed to make room may have taken the tables around it along. */
	for (; at.existing; at.existing--)
		if (add_at_home(&l, &at) == 0)
			return 0;
	if (at.nkeys == 1 && at.v->kind != VALUE_TABLE)
		return add_to_root(&l, &at);
	return add_table(&l, &at, LAYOUT_ROOT);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* TOML: a value that is there changes where it stands, or its lines go. */
#include <string.h>

#include "base/mem.h"
#include "recipe/edit_part.h"
#include "recipe/toml_layout.h"
#include "recipe/toml_write.h"

static size_t
common_parts(const struct key *k, const char *const *keys, size_t nkeys)
{
	size_t i = 0;

	while (i < k->parts.len && i < nkeys && streq(k->parts.v[i].name, keys[i]))
		i++;
	return i;
}

struct edit_match
edit_toml_match(const struct layout *l, const struct layout_item *item,
	const char *const *keys, size_t nkeys)
{
	struct edit_match m = { 0, item->key.parts.len, 0 };

	if (item->kind == LAYOUT_PAIR && item->header != LAYOUT_ROOT) {
		const struct key *header = &l->items.v[item->header].key;

		m.header = header->parts.len;
		m.total += m.header;
		m.common = common_parts(header, keys, nkeys);
		if (m.common < m.header)
			return m;
	}
	m.common += common_parts(&item->key, keys + m.common, nkeys - m.common);
	return m;
}

/* ---- One pair -------------------------------------------------------- */

/* The table in braces that an item of l is, when its keys lead on into it. */
static bool
leads_into(const struct layout *l, const struct layout_item *item,
	const char *const *keys, size_t nkeys, size_t *parts)
{
	struct edit_match m = edit_toml_match(l, item, keys, nkeys);

	*parts = m.total;
	return item->kind == LAYOUT_PAIR && m.common == m.total && m.total < nkeys &&
		l->text[item->value] == '{';
}

struct span {
	size_t from, to;
};

/* 1 if there is a pair of exactly these keys: where its value stands. */
static int
find_pair(const struct layout *l, const char *const *keys, size_t nkeys,
	struct span *value)
{
	for (size_t i = 0; i < l->items.len; i++) {
		const struct layout_item *item = &l->items.v[i];
		struct edit_match m = edit_toml_match(l, item, keys, nkeys);
		cleanup_layout struct layout inner = LAYOUT_INIT;
		size_t n;

		if (item->kind != LAYOUT_PAIR)
			continue;
		if (m.common == nkeys && m.total == nkeys) {
			*value = (struct span){ item->value, item->value_end };
			return 1;
		}
		if (!leads_into(l, item, keys, nkeys, &n))
			continue;
		if (layout_braces(&inner, l->text, l->len, item->value) < 0)
			return 0;
		return find_pair(&inner, keys + n, nkeys - n, value);
	}
	return 0;
}

int
edit_toml_replace(const struct edit_job *job)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	cleanup_str struct str value = STR_INIT, rest = STR_INIT;
	struct edit_job again = *job;
	struct span at;

	if (layout_open(&l, job->text, job->len) < 0)
		return -1;
	if (find_pair(&l, job->keys, job->nkeys, &at)) {
		toml_write_value(&value, job->v);
		str_addn(job->out, job->text, at.from);
		str_add(job->out, str_text(&value));
		str_addn(job->out, job->text + at.to, job->len - at.to);
		return 0;
	}
	/* A table or tables by headers: the value stands where a new one would. */
	again.out = &rest;
	if (edit_toml_remove(&again) < 0)
		return -1;
	again.text = str_text(&rest);
	again.len = rest.len;
	again.out = job->out;
	return edit_toml_add(&again);
}

/* ---- Removal --------------------------------------------------------- */

static bool
is_inside(const struct layout *l, const struct layout_item *item,
	const char *const *keys, size_t nkeys)
{
	if (item->kind == LAYOUT_BLANK || item->kind == LAYOUT_COMMENT)
		return false;
	return edit_toml_match(l, item, keys, nkeys).common == nkeys;
}

/* Headers and pairs go, comments stay; of two blank lines that meet one goes. */
static void
remove_lines(const struct layout *l, const struct edit_job *job)
{
	bool gone = false, blank = true;

	/* What stands before the first line is a byte order mark. */
	str_addn(job->out, l->text, l->items.len ? l->items.v[0].start : l->len);
	for (size_t i = 0; i < l->items.len; i++) {
		const struct layout_item *item = &l->items.v[i];
		bool empty = item->kind == LAYOUT_BLANK;

		if (is_inside(l, item, job->keys, job->nkeys)) {
			gone = true;
			continue;
		}
		if (!(gone && empty && blank)) {
			str_addn(job->out, l->text + item->start, item->end - item->start);
			blank = empty;
		}
		gone = gone && empty;
	}
}

/* Members go, each with one comma; what is between the others stays as it is. */
static void
remove_members(const struct layout *l, const struct edit_job *job,
	const char *const *keys, size_t nkeys)
{
	size_t kept = 0, n = l->items.len;

	str_addn(job->out, l->text, l->open + 1);
	for (size_t i = 0; i < n; i++) {
		const struct layout_item *item = &l->items.v[i];
		size_t from = !kept ? item->at : l->items.v[i - 1].value_end;

		if (is_inside(l, item, keys, nkeys))
			continue;
		if (!kept++)
			str_addn(job->out, l->text + l->open + 1,
				l->items.v[0].at - l->open - 1);
		str_addn(job->out, l->text + from, item->value_end - from);
	}
	if (kept)
		str_addn(job->out, l->text + l->items.v[n - 1].value_end,
			l->close - l->items.v[n - 1].value_end);
	str_addn(job->out, l->text + l->close, l->len - l->close);
}

static int
remove_from(const struct layout *l, bool braces, const struct edit_job *job,
	const char *const *keys, size_t nkeys)
{
	cleanup_layout struct layout inner = LAYOUT_INIT;
	size_t n;

	for (size_t i = 0; i < l->items.len; i++) {
		if (!leads_into(l, &l->items.v[i], keys, nkeys, &n))
			continue;
		if (layout_braces(&inner, l->text, l->len, l->items.v[i].value) < 0)
			return -1;
		return remove_from(&inner, true, job, keys + n, nkeys - n);
	}
	if (braces)
		remove_members(l, job, keys, nkeys);
	else
		remove_lines(l, job);
	return 0;
}

int
edit_toml_remove(const struct edit_job *job)
{
	cleanup_layout struct layout l = LAYOUT_INIT;

	if (layout_open(&l, job->text, job->len) < 0)
		return -1;
	return remove_from(&l, false, job, job->keys, job->nkeys);
}

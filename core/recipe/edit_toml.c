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

static void
splice(const struct edit_job *job, size_t from, size_t to, const char *with)
{
	str_addn(job->out, job->text, from);
	str_add(job->out, with);
	str_addn(job->out, job->text + to, job->len - to);
}

/* ---- One pair -------------------------------------------------------- */

/* A pair, or one member of a table in braces. */
struct place {
	size_t from, to; /* all that goes when it is removed */
	size_t value, value_end;
};

/* A member goes with one comma: the one before it, or else the one after it. */
static void
place_in_braces(const struct layout *l, size_t i, struct place *p)
{
	const struct layout_item *item = &l->items.v[i];

	if (i > 0)
		p->from = l->items.v[i - 1].value_end;
	else if (l->items.len > 1)
		p->to = l->items.v[1].at;
	else
		*p = (struct place){ l->open + 1, l->close, item->value, item->value_end };
}

/* 1 if the pair of exactly these keys was found; outermost first. */
static int
find_pair(const struct layout *l, bool braces, const char *const *keys, size_t nkeys,
	struct place *p)
{
	for (size_t i = 0; i < l->items.len; i++) {
		const struct layout_item *item = &l->items.v[i];
		struct edit_match m = edit_toml_match(l, item, keys, nkeys);
		cleanup_layout struct layout inner = LAYOUT_INIT;

		if (item->kind != LAYOUT_PAIR || m.common < m.total)
			continue;
		if (m.total == nkeys) {
			*p = (struct place){ item->start, item->end, item->value,
				item->value_end };
			if (braces)
				place_in_braces(l, i, p);
			return 1;
		}
		if (l->text[item->value] != '{' ||
			layout_braces(&inner, l->text, l->len, item->value) < 0)
			return 0;
		return find_pair(&inner, true, keys + m.total, nkeys - m.total, p);
	}
	return 0;
}

int
edit_toml_replace(const struct edit_job *job)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	cleanup_str struct str value = STR_INIT, rest = STR_INIT;
	struct edit_job again = *job;
	struct place p;

	if (layout_open(&l, job->text, job->len) < 0)
		return -1;
	if (find_pair(&l, false, job->keys, job->nkeys, &p)) {
		toml_write_value(&value, job->v);
		splice(job, p.value, p.value_end, str_text(&value));
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

/* ---- Tables ---------------------------------------------------------- */

static bool
is_inside(const struct layout *l, const struct layout_item *item,
	const struct edit_job *job)
{
	if (item->kind == LAYOUT_BLANK || item->kind == LAYOUT_COMMENT)
		return false;
	return edit_toml_match(l, item, job->keys, job->nkeys).common == job->nkeys;
}

/* Headers and pairs go, comments stay; of two blank lines that meet one goes. */
static void
remove_lines(const struct layout *l, const struct edit_job *job)
{
	bool gone = false, blank = true;

	/* What stands before the first line is a byte order mark. */
	if (l->items.len)
		str_addn(job->out, l->text, l->items.v[0].start);
	for (size_t i = 0; i < l->items.len; i++) {
		const struct layout_item *item = &l->items.v[i];
		bool empty = item->kind == LAYOUT_BLANK;

		if (is_inside(l, item, job)) {
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

int
edit_toml_remove(const struct edit_job *job)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	struct place p;

	if (layout_open(&l, job->text, job->len) < 0)
		return -1;
	if (find_pair(&l, false, job->keys, job->nkeys, &p))
		splice(job, p.from, p.to, "");
	else
		remove_lines(&l, job);
	return 0;
}

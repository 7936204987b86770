/* SPDX-License-Identifier: GPL-3.0-only */
/* Turns the options url, path and mirrors into one ordered list without repeats. */
#include "candidate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "url.h"

struct list {
	struct candidate *rows;
	size_t n, room;
};

/* Takes url, which may be NULL when memory ran out. */
static int
list_add(struct list *l, char *url, int local)
{
	struct candidate *c;

	for (size_t i = 0; url && i < l->n; i++)
		if (!strcmp(l->rows[i].url, url)) {
			free(url);
			return 0;
		}
	if (url && l->n == l->room) {
		size_t room = l->room ? l->room * 2 : 8;
		c = realloc(l->rows, room * sizeof(*c));
		if (c) {
			l->rows = c;
			l->room = room;
		}
	}
	if (!url || l->n == l->room) {
		free(url);
		return -1;
	}
	c = &l->rows[l->n++];
	memset(c, 0, sizeof(*c));
	c->url = url;
	c->local = local;
	c->last.verdict = VERDICT_LATER;
	url_show(url, c->shown, sizeof(c->shown));
	return digest_name(url, c->id, sizeof(c->id) - 1);
}

static size_t
prefix_length(struct msmv_stage *stage, size_t i, const char *url)
{
	const char *prefix = stage->host->option_key(stage, "mirrors", i);
	size_t n = prefix ? strlen(prefix) : 0;

	return n && !strncmp(url, prefix, n) ? n : 0;
}

/*
 * Adds the mirrors of one url. Each pass takes the longest prefix not yet taken;
 * equally long ones are the same prefix, and a map holds a prefix once.
 */
static int
list_add_mirrors(struct list *l, struct msmv_stage *stage, const char *url)
{
	size_t count = stage->host->option_count(stage, "mirrors");

	for (size_t below = (size_t)-1;;) {
		size_t best = 0, at = 0;
		for (size_t i = 0; i < count; i++) {
			size_t n = prefix_length(stage, i, url);
			if (n > best && n < below) {
				best = n;
				at = i;
			}
		}
		if (!best)
			return 0;
		below = best;
		char *made = NULL;
		if (asprintf(&made, "%s%s", stage->host->option_at(stage, "mirrors", at),
			    url + best) < 0)
			made = NULL;
		if (list_add(l, made, 0))
			return -1;
	}
}

struct candidate *
candidates_new(struct msmv_stage *stage, const char *url, const char *path, size_t *n)
{
	const struct msmv_host *host = stage->host;
	struct list l = {NULL, 0, 0};
	int bad = 0;

	for (size_t i = 0; !bad && i < host->option_count(stage, path); i++)
		bad = list_add(&l, strdup(host->option_at(stage, path, i)), 1);
	for (size_t i = 0; !bad && i < host->option_count(stage, url); i++) {
		const char *one = host->option_at(stage, url, i);
		bad = list_add_mirrors(&l, stage, one) || list_add(&l, strdup(one), 0);
	}
	if (!bad && l.n) {
		*n = l.n;
		return l.rows;
	}
	candidates_free(l.rows, l.n);
	host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	return NULL;
}

void
candidates_free(struct candidate *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i].url);
	free(list);
}

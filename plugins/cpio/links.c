/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * newc wants the number of names in every name's header and the data with the
 * last one, so the names are counted before anything is written. Memory grows
 * with the number of hard links only.
 */
#include "links.h"

#include <stdlib.h>
#include <string.h>

static int
set_compare(const void *a, const void *b)
{
	const struct link_set *x = a, *y = b;

	return strcmp(x->first, y->first);
}

int
links_count(struct links *links, const char *first)
{
	struct link_set *set;

	if (links->count == links->room) {
		size_t room = links->room ? 2 * links->room : 64;
		void *grown = reallocarray(links->sets, room, sizeof(*set));

		if (!grown)
			return -1;
		links->sets = grown;
		links->room = room;
	}
	set = &links->sets[links->count];
	*set = (struct link_set){ .first = strdup(first), .names = 2, .fd = -1 };
	if (!set->first)
		return -1;
	links->count++;
	return 0;
}

void
links_sort(struct links *links)
{
	size_t kept = 0;

	if (!links->count)
		return;
	qsort(links->sets, links->count, sizeof(*links->sets), set_compare);
	for (size_t i = 1; i < links->count; i++) {
		if (!set_compare(&links->sets[kept], &links->sets[i])) {
			links->sets[kept].names++;
			free(links->sets[i].first);
		} else {
			links->sets[++kept] = links->sets[i];
		}
	}
	links->count = kept + 1;
}

struct link_set *
links_find(const struct links *links, const char *first)
{
	size_t low = 0, high = links->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int cmp = strcmp(first, links->sets[mid].first);

		if (!cmp)
			return &links->sets[mid];
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const struct link_set *
links_incomplete(const struct links *links)
{
	for (size_t i = 0; i < links->count; i++)
		if (links->sets[i].seen != links->sets[i].names)
			return &links->sets[i];
	return NULL;
}

void
links_release(struct links *links)
{
	for (size_t i = 0; i < links->count; i++)
		free(links->sets[i].first);
	free(links->sets);
}

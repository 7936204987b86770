/* SPDX-License-Identifier: GPL-3.0-only */
/* Trees are lists sorted by path, so that merging, packing and comparing are one pass. */
#include "tree/entry.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"

struct entry *
entries_add(struct entries *e, const char *path)
{
	struct entry new = { .path = xstrdup(path), .fd = -1 };

	vec_push(&e->list, new);
	return &e->list.v[e->list.len - 1];
}

static void
entry_free(struct entry *e)
{
	free(e->path);
	free(e->target);
	free(e->source);
}

static int
by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : (x->order > y->order) - (x->order < y->order);
}

void
entries_sort(struct entries *e)
{
	if (e->list.len)
		qsort(e->list.v, e->list.len, sizeof(*e->list.v), by_path);
}

/* Keeps the first of equal folders; 0, or -1 if two others share a path. */
static int
fold(struct entries *e, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < e->list.len; i++) {
		struct entry *last = n ? &e->list.v[n - 1] : NULL;
		struct entry *this = &e->list.v[i];

		if (last && streq(last->path, this->path)) {
			if (!S_ISDIR(last->mode) || !S_ISDIR(this->mode)) {
				int bad = err_set(err, "%s is there twice", this->path);

				for (; i < e->list.len; i++)
					e->list.v[n++] = e->list.v[i];
				e->list.len = n;
				return bad;
			}
			entry_free(this);
			continue;
		}
		e->list.v[n++] = *this;
	}
	e->list.len = n;
	return 0;
}

static const struct entry *
find(const struct entries *e, size_t n, const char *path)
{
	for (size_t lo = 0, hi = n; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(e->list.v[mid].path, path);

		if (c == 0)
			return &e->list.v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* What lies below a file could not be made; below a link it goes where that leads. */
static int
check_parents(const struct entries *e, struct err *err)
{
	const struct entry *over = NULL;

	for (size_t i = 0; i < e->list.len; i++) {
		const struct entry *x = &e->list.v[i];
		cleanup_free char *p = path_dir(x->path);

		if (!over || !streq(over->path, p))
			over = find(e, e->list.len, p);
		if (over && !S_ISDIR(over->mode) && !S_ISLNK(over->mode))
			return err_set(err, "%s lies below %s, which is no folder", x->path, p);
	}
	return 0;
}

static void
add_parents(struct entries *e)
{
	size_t n = e->list.len;
	cleanup_free char *seen = NULL; /* the last parent looked at: mostly the same */

	for (size_t i = 0; i < n; i++) {
		cleanup_free char *p = path_dir(e->list.v[i].path);

		while (!streq(p, ".") && !(seen && streq(seen, p)) && !find(e, n, p)) {
			char *up = path_dir(p);

			entries_add(e, p)->mode = S_IFDIR | 0755;
			free(p);
			p = up;
		}
		free(seen);
		seen = path_dir(e->list.v[i].path);
	}
}

int
entries_settle(struct entries *e, struct err *err)
{
	entries_sort(e);
	if (fold(e, err) < 0)
		return -1;
	add_parents(e);
	entries_sort(e);
	return fold(e, err) < 0 ? -1 : check_parents(e, err);
}

void
entries_release(struct entries *e)
{
	for (size_t i = 0; i < e->list.len; i++)
		entry_free(&e->list.v[i]);
	vec_release(&e->list);
}

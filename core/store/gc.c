/* SPDX-License-Identifier: GPL-3.0-only */
#include "store/gc.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/index.h"
#include "store/null_run.h"
#include "store/scratch.h"

struct gc {
	const struct store *store;
	const struct gc_limits *limits;
	struct gc_report *report;
	struct index index;
	uint64_t size; /* of the blobs that results which stay name */
};

static int
remove_object(const struct gc *g, const char *kind, const char *name, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/%s/%.2s/%s", g->store->dir, kind, name, name + 2);

	if (g->limits->dry || unlink(path) == 0 || errno == ENOENT)
		return 0;
	return err_errno(err, "remove %s", path);
}

static bool
goes(const struct gc *g, const struct index_result *r)
{
	if (g->limits->keep && map_get(g->limits->keep, r->key))
		return false;
	return !r->stage || r->used < g->limits->before || g->size > g->limits->max_size;
}

static int
remove_result(struct gc *g, const struct index_result *r, struct err *err)
{
	if (remove_object(g, "actions", r->key, err) < 0)
		return -1;
	g->report->results++;
	for (size_t i = 0; i < r->blobs.len; i++) {
		struct index_blob *b = r->blobs.v[i];

		if (--b->users == 0)
			g->size -= b->size;
	}
	return 0;
}

static int
remove_blobs(struct gc *g, struct err *err)
{
	for (size_t i = 0; i < g->index.blobs.len; i++) {
		const struct index_blob *b = g->index.blobs.items[i].value;

		if (b->users || b->missing)
			continue;
		if (remove_object(g, "blobs", b->name, err) < 0)
			return -1;
		g->report->blobs++;
		g->report->bytes += b->size;
	}
	return 0;
}

static int
collect(struct gc *g, struct err *err)
{
	if (index_read(&g->index, g->store, err) < 0)
		return -1;
	g->size = index_size(&g->index);
	for (size_t i = 0; i < g->index.results.len; i++) {
		const struct index_result *r = &g->index.results.v[i];

		if (!goes(g, r))
			g->report->left++;
		else if (remove_result(g, r, err) < 0)
			return -1;
	}
	if (!g->limits->dry) {
		null_runs_forget(g->store, g->limits->before);
		scratch_forget(g->store, g->limits->before);
	}
	g->report->left_bytes = g->size;
	return remove_blobs(g, err);
}

int
store_gc(const struct store *s, const struct gc_limits *limits, struct gc_report *report,
	struct err *err)
{
	struct gc g = { s, limits, report, INDEX_INIT, 0 };
	int result;

	*report = (struct gc_report){ 0 };
	result = collect(&g, err);
	index_release(&g.index);
	return result;
}

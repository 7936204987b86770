/* SPDX-License-Identifier: GPL-3.0-only */
#include "store/index.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "store/null_run.h"

/* Calls each for every KIND/ab/cdef..., with "abcdef..." as its name. */
struct walk {
	struct index *index;
	const struct store *store;
	void (*each)(struct walk *w, const char *name, const struct stat *st);
};

static int
walk_folder(struct walk *w, const char *path, const char *prefix, struct err *err)
{
	DIR *d = opendir(path);

	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_errno(err, "open %s", path);
	for (struct dirent *e; (e = readdir(d));) {
		cleanup_free char *name = xasprintf("%s%s", prefix, e->d_name);
		cleanup_free char *file = path_join(path, e->d_name);
		struct stat st;

		if (e->d_name[0] != '.' && lstat(file, &st) == 0 && S_ISREG(st.st_mode))
			w->each(w, name, &st);
	}
	closedir(d);
	return 0;
}

static int
walk(struct walk *w, const char *kind, struct err *err)
{
	cleanup_free char *top = path_join(w->store->dir, kind);
	DIR *d = opendir(top);
	int result = 0;

	if (!d)
		return err_errno(err, "open %s", top);
	for (struct dirent *e; result == 0 && (e = readdir(d));) {
		cleanup_free char *path = path_join(top, e->d_name);

		if (strlen(e->d_name) == 2 && e->d_name[0] != '.')
			result = walk_folder(w, path, e->d_name, err);
	}
	closedir(d);
	return result;
}

/* ---- Blobs ----------------------------------------------------------- */

static struct index_blob *
new_blob(struct index *x, const char *name)
{
	struct index_blob *b = xcalloc(1, sizeof(*b));

	map_put(&x->blobs, name, b);
	b->name = x->blobs.items[x->blobs.len - 1].key;
	return b;
}

static void
add_blob(struct walk *w, const char *name, const struct stat *st)
{
	struct index_blob *b = new_blob(w->index, name);

	b->size = (uint64_t)st->st_size;
	b->damaged = !sha256_valid(name);
}

static struct index_blob *
use_blob(struct index *x, const char *digest)
{
	struct index_blob *b = map_get(&x->blobs, digest);

	if (!b) {
		b = new_blob(x, digest);
		b->missing = true;
	}
	b->users++;
	return b;
}

/* ---- Results --------------------------------------------------------- */

static void
add_result(struct walk *w, const char *name, const struct stat *st)
{
	struct index_result r = { .used = st->st_mtime };
	cleanup_record struct record record = RECORD_INIT;

	if (!sha256_valid(name))
		return;
	memcpy(r.key, name, SHA256_HEX);
	if (store_get_result(w->store, r.key, &record)) {
		const char *stage = record_get(&record, "stage");
		const char *plugin = record_get(&record, "action.plugin");

		r.stage = xstrdup(stage ? stage : "?");
		r.plugin = xstrdup(plugin ? plugin : "?");
	}
	for (size_t i = 0; i < record.len; i++) {
		const char *field = record.fields[i].name, *value = record.fields[i].value;

		if ((streq(field, "digest") || streq(field, "log")) && sha256_valid(value)) {
			vec_push(&r.blobs, use_blob(w->index, value));
			r.size += r.blobs.v[r.blobs.len - 1]->size;
		}
	}
	vec_push(&w->index->results, r);
}

static int
by_use(const void *a, const void *b)
{
	const struct index_result *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? -1 : 1;
	return strcmp(x->key, y->key);
}

static void
used_later(void *arg, const char *key, int64_t used)
{
	const struct map *results = arg;
	int64_t *at = map_get(results, key);

	if (at && *at < used)
		*at = used;
}

/* A run that had nothing to do says in one place what it used. */
static void
add_uses(struct index *x, const struct store *s)
{
	struct map results = MAP_INIT;

	for (size_t i = 0; i < x->results.len; i++)
		map_put(&results, x->results.v[i].key, &x->results.v[i].used);
	null_runs_each(s, used_later, &results);
	map_release(&results, NULL);
}

int
index_read(struct index *x, const struct store *s, struct err *err)
{
	struct walk blobs = { x, s, add_blob }, results = { x, s, add_result };

	*x = (struct index)INDEX_INIT;
	if (walk(&blobs, "blobs", err) < 0 || walk(&results, "actions", err) < 0)
		return -1;
	add_uses(x, s);
	if (x->results.len)
		qsort(x->results.v, x->results.len, sizeof(*x->results.v), by_use);
	return 0;
}

uint64_t
index_size(const struct index *x)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < x->blobs.len; i++) {
		const struct index_blob *b = x->blobs.items[i].value;

		if (b->users)
			sum += b->size;
	}
	return sum;
}

void
index_release(struct index *x)
{
	for (size_t i = 0; i < x->results.len; i++) {
		free(x->results.v[i].stage);
		free(x->results.v[i].plugin);
		vec_release(&x->results.v[i].blobs);
	}
	vec_release(&x->results);
	map_release(&x->blobs, free);
}

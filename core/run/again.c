/* SPDX-License-Identifier: GPL-3.0-only */
/* The second store lies in the first one's tmp, so that it goes whatever happens. */
#include "run/again.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

static int
copy_blob(const struct store *from, struct store *to, const char *digest, struct err *err)
{
	cleanup_free char *path = store_blob_path(from, digest);
	cleanup_free char *copy = path_join(to->tmp, "copy");
	char now[SHA256_HEX];
	uint64_t size;

	if (fs_copy(path, copy, 0444, err) < 0 || store_put_blob(to, copy, now, &size, err) < 0)
		return -1;
	return streq(now, digest) ? 0
		: err_set(err, "the stored file %.12s is damaged: msmv store verify", digest);
}

static int
copy_result(const struct store *from, struct store *to, const struct job *j, struct err *err)
{
	for (size_t i = 0; i < j->result.len; i++) {
		const struct field *f = &j->result.fields[i];

		if ((streq(f->name, "digest") || streq(f->name, "log")) &&
		    sha256_valid(f->value) && copy_blob(from, to, f->value, err) < 0)
			return -1;
	}
	return store_put_result(to, j->key, &j->result, err);
}

static int
take_along(struct again *a, const struct run *done, struct err *err)
{
	for (size_t i = 0; i < done->graph.len; i++) {
		const struct job *j = &done->jobs[i];

		if (j->node->selected && stage_fetches(j->stage) &&
		    copy_result(&done->ctx->store, &a->ctx.store, j, err) < 0)
			return -1;
	}
	return 0;
}

/* One CPU less, if there is one; and one job more than there were. */
static void
change_cpus(struct again *a)
{
	cpu_set_t fewer;

	if (sched_getaffinity(0, sizeof(a->cpus), &a->cpus) < 0)
		return;
	fewer = a->cpus;
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&fewer) == CPU_COUNT(&a->cpus); i++)
		CPU_CLR(i, &fewer);
	if (CPU_COUNT(&fewer) > 0)
		sched_setaffinity(0, sizeof(fewer), &fewer);
	a->ctx.jobs++;
}

int
again_begin(struct again *a, const struct run *done, struct err *err)
{
	cleanup_free char *dir = path_join(done->ctx->store.tmp, "elsewhere");

	a->ctx = *done->ctx;
	a->ctx.store = (struct store){ .tmp_lock = -1 };
	a->ctx.trusted = (struct map)MAP_INIT;
	a->ctx.elsewhere = true;
	a->ctx.proven = false;
	a->mask = umask(077);
	CPU_ZERO(&a->cpus);
	change_cpus(a);
	if (store_open(&a->ctx.store, dir, err) < 0 || take_along(a, done, err) < 0) {
		again_end(a);
		return -1;
	}
	return 0;
}

void
again_end(struct again *a)
{
	cleanup_free char *dir = a->ctx.store.dir ? xstrdup(a->ctx.store.dir) : NULL;

	store_close(&a->ctx.store);
	map_release(&a->ctx.trusted, free);
	if (dir)
		fs_remove(dir, NULL);
	if (CPU_COUNT(&a->cpus))
		sched_setaffinity(0, sizeof(a->cpus), &a->cpus);
	umask(a->mask);
}

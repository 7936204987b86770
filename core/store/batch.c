/* SPDX-License-Identifier: GPL-3.0-only */
/* Publishing: what has its final name is complete and on disk. */
#include "store/batch.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/syncs.h"

struct batches {
	struct batch *const *v;
	size_t n;
};

void
batch_add(struct batch *b, const char *from, const char *to, bool result)
{
	struct batch_file f = { xstrdup(from), xstrdup(to), result };

	vec_push(&b->files, f);
}

void
batch_release(struct batch *b)
{
	for (size_t i = 0; i < b->files.len; i++) {
		free(b->files.v[i].from);
		free(b->files.v[i].to);
	}
	vec_release(&b->files);
	err_clear(&b->problem);
}

/* Does it to each file of those that have had no problem so far. */
static void
each(const struct batches *all, void (*act)(struct batch *b, const struct batch_file *f,
	void *arg), void *arg)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < all->v[i]->files.len && !all->v[i]->problem.msg; k++)
			act(all->v[i], &all->v[i]->files.v[k], arg);
}

/* ---- The steps ------------------------------------------------------- */

/* A new folder that a crash could take away again would take the files in it with it. */
static void
make_folder(struct batch *b, const struct batch_file *f, void *syncs)
{
	cleanup_free char *dir = path_dir(f->to), *parent = path_dir(dir);

	if (mkdir(dir, 0755) == 0)
		syncs_add(syncs, parent);
	else if (errno != EEXIST)
		err_errno(&b->problem, "mkdir %s", dir);
}

static void
add_file(struct batch *b, const struct batch_file *f, void *syncs)
{
	(void)b;
	syncs_add(syncs, f->from);
}

static void
check(struct batch *b, const struct syncs *s, const char *path)
{
	errno = syncs_code(s, path);
	if (errno && !b->problem.msg)
		err_errno(&b->problem, "sync %s", path);
}

static void
check_file(struct batch *b, const struct batch_file *f, void *syncs)
{
	cleanup_free char *dir = path_dir(f->to), *parent = path_dir(dir);

	check(b, syncs, parent);
	check(b, syncs, f->from);
}

/* The step is of results, or of what is none. */
struct naming {
	bool results;
	struct syncs folders;
};

static void
rename_file(struct batch *b, const struct batch_file *f, void *arg)
{
	cleanup_free char *dir = path_dir(f->to);
	struct naming *n = arg;

	if (f->result != n->results)
		return;
	if (rename(f->from, f->to) < 0)
		err_errno(&b->problem, "publish %s", f->to);
	else
		syncs_add(&n->folders, dir);
}

static void
check_folder(struct batch *b, const struct batch_file *f, void *arg)
{
	cleanup_free char *dir = path_dir(f->to);
	struct naming *n = arg;

	if (f->result == n->results)
		check(b, &n->folders, dir);
}

static void
give_names(const struct batches *all, bool results)
{
	struct naming n = { results, SYNCS_INIT };

	each(all, rename_file, &n);
	syncs_wait(&n.folders);
	each(all, check_folder, &n);
	syncs_release(&n.folders);
}

/* ---- All of them ----------------------------------------------------- */

static void
remove_results(const struct batch *b)
{
	for (size_t i = 0; b->problem.msg && i < b->files.len; i++)
		if (b->files.v[i].result)
			unlink(b->files.v[i].from);
}

void
batches_publish(struct batch *const *v, size_t n)
{
	const struct batches all = { v, n };
	cleanup_syncs struct syncs files = SYNCS_INIT;

	each(&all, make_folder, &files);
	each(&all, add_file, &files);
	syncs_wait(&files);
	each(&all, check_file, &files);
	give_names(&all, false);
	give_names(&all, true);
	for (size_t i = 0; i < n; i++)
		remove_results(v[i]);
}

int
batch_publish(struct batch *b, struct err *err)
{
	batches_publish(&b, 1);
	if (!b->problem.msg)
		return 0;
	err_set(err, "%s", b->problem.msg);
	if (err)
		err->code = b->problem.code;
	return -1;
}

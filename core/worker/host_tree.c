/* SPDX-License-Identifier: GPL-3.0-only */
/* Tree services: reading the merged inputs of a port, writing an output tree. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "tree/pack.h"
#include "tree/tar.h"
#include "worker/worker.h"

enum { FDS_MAX = 256 };

struct msmv_tree {
	struct worker *w;
	bool writing;
	struct entries entries;
	VEC(int) fds;     /* the blobs, or the files that were given to tree_add */
	size_t next;      /* of a reader */
	const char *path; /* of a writer's output */
	int spool;        /* where a writer keeps data given as bytes; -1 until used */
	uint64_t spooled;
};

static struct msmv_tree *
tree_new(struct worker *w)
{
	struct msmv_tree *t = xcalloc(1, sizeof(*t));

	t->w = w;
	t->spool = -1;
	return t;
}

static void
tree_free(struct msmv_tree *t)
{
	for (size_t i = 0; i < t->fds.len; i++)
		close(t->fds.v[i]);
	if (t->spool >= 0)
		close(t->spool);
	vec_release(&t->fds);
	entries_release(&t->entries);
	free(t);
}

static const char *
output_of(struct worker *w, const char *port)
{
	for (size_t i = 0; i < w->request.outputs.len; i++)
		if (streq(w->request.outputs.v[i].port, port))
			return w->request.outputs.v[i].path;
	w->stage.host->fail(&w->stage, MSMV_FAIL_SYSTEM, "the plugin has no output port %s", port);
	return NULL;
}

static int
read_inputs(struct msmv_tree *t, const char *port, struct err *err)
{
	const struct request *q = &t->w->request;

	for (size_t i = 0; i < q->inputs.len; i++) {
		int fd;

		if (!streq(q->inputs.v[i].port, port))
			continue;
		fd = open(q->inputs.v[i].path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_errno(err, "open %s", q->inputs.v[i].path);
		vec_push(&t->fds, fd);
		if (tar_read(fd, (uint32_t)i, &t->entries, err) < 0)
			return err_wrap(err, "%s", q->inputs.v[i].from);
	}
	return entries_settle(&t->entries, err);
}

static struct msmv_tree *
tree_open(struct msmv_stage *s, const char *port)
{
	struct msmv_tree *t = tree_new(worker_of(s));
	struct err err = ERR_INIT;

	if (read_inputs(t, port, &err) == 0)
		return t;
	worker_fail(t->w, MSMV_FAIL_INPUT, &err);
	tree_free(t);
	return NULL;
}

static int
tree_next(struct msmv_tree *t, struct msmv_entry *out)
{
	const struct entry *e;

	if (t->next == t->entries.list.len)
		return 0;
	e = &t->entries.list.v[t->next++];
	*out = (struct msmv_entry){ .struct_size = sizeof(*out),
		.mode = e->mode,
		.uid = e->uid,
		.gid = e->gid,
		.major = e->major,
		.minor = e->minor,
		.path = e->path,
		.target = e->target,
		.size = e->size,
		.offset = e->offset,
		.fd = e->fd };
	return 1;
}

static struct msmv_tree *
tree_create(struct msmv_stage *s, const char *port)
{
	const char *path = output_of(worker_of(s), port);
	struct msmv_tree *t;

	if (!path)
		return NULL;
	t = tree_new(worker_of(s));
	t->writing = true;
	t->path = path;
	return t;
}

/* Bytes go to an unnamed file at once, so that the caller may reuse its buffer. */
static int
spool(struct msmv_tree *t, struct entry *e, const struct msmv_entry *in, struct err *err)
{
	if (t->spool < 0)
		t->spool = open(t->w->request.workdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (t->spool < 0)
		return err_errno(err, "temporary file in %s", t->w->request.workdir);
	if (fs_write_all(t->spool, in->data, in->size, err) < 0)
		return -1;
	e->fd = t->spool;
	e->offset = t->spooled;
	t->spooled += in->size;
	return 0;
}

/* A process may hold a thousand files open; a tree may have more. */
static int
spool_file(struct msmv_tree *t, struct entry *e, const struct msmv_entry *in, struct err *err)
{
	struct msmv_entry part = *in;
	char buf[65536];

	part.size = 0; /* opens the spool */
	if (spool(t, e, &part, err) < 0)
		return -1;
	for (uint64_t at = 0; at < in->size; at += part.size) {
		uint64_t left = in->size - at;
		ssize_t n = pread(in->fd, buf, left < sizeof(buf) ? left : sizeof(buf), (off_t)at);

		if (n <= 0)
			return n < 0 ? err_errno(err, "read %s", in->path)
				     : err_set(err, "%s is shorter than its size", in->path);
		part.size = (uint64_t)n;
		if (fs_write_all(t->spool, buf, part.size, err) < 0)
			return -1;
	}
	t->spooled += in->size;
	return 0;
}

static int
add_data(struct msmv_tree *t, struct entry *e, const struct msmv_entry *in, struct err *err)
{
	int fd;

	if (!S_ISREG(in->mode) || in->target || !in->size)
		return 0;
	e->size = in->size;
	if (in->fd < 0)
		return spool(t, e, in, err);
	if (t->fds.len >= FDS_MAX)
		return spool_file(t, e, in, err);
	fd = fcntl(in->fd, F_DUPFD_CLOEXEC, 10);
	if (fd < 0)
		return err_errno(err, "dup");
	vec_push(&t->fds, fd);
	e->fd = fd;
	return 0;
}

static int
tree_add(struct msmv_tree *t, const struct msmv_entry *in)
{
	struct err err = ERR_INIT;
	struct entry *e;

	if (!path_is_clean(in->path) || !(in->mode & S_IFMT)) {
		err_set(&err, "the plugin adds a member with a bad path or type: '%s'", in->path);
		return worker_fail(t->w, MSMV_FAIL_SYSTEM, &err);
	}
	if (S_ISLNK(in->mode) ? !in->target || !*in->target
			      : in->target && !path_is_clean(in->target)) {
		err_set(&err, "the plugin adds a link without a good target: '%s'", in->path);
		return worker_fail(t->w, MSMV_FAIL_SYSTEM, &err);
	}
	e = entries_add(&t->entries, in->path);
	e->mode = S_ISLNK(in->mode) ? S_IFLNK | 0777 : in->mode;
	e->uid = in->uid;
	e->gid = in->gid;
	e->major = in->major;
	e->minor = in->minor;
	e->target = in->target ? xstrdup(in->target) : NULL;
	if (add_data(t, e, in, &err) < 0)
		return worker_fail(t->w, MSMV_FAIL_SYSTEM, &err);
	return 0;
}

static int
write_tree(struct msmv_tree *t, struct err *err)
{
	cleanup_close int fd = -1;

	if (entries_settle(&t->entries, err) < 0)
		return -1;
	fd = open(t->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_errno(err, "create %s", t->path);
	return tar_write(fd, &t->entries, t->w->request.epoch, err);
}

static int
tree_close(struct msmv_tree *t)
{
	struct err err = ERR_INIT;
	int result = 0;

	if (!t)
		return -1;
	if (t->writing && !t->w->failed && write_tree(t, &err) < 0)
		result = worker_fail(t->w, MSMV_FAIL_SYSTEM, &err);
	tree_free(t);
	return result;
}

static int
output_tree(struct msmv_stage *s, const char *port, const char *dir)
{
	struct worker *w = worker_of(s);
	const char *path = output_of(w, port);
	struct err err = ERR_INIT;

	if (!path)
		return -1;
	if (tree_pack(dir, path, w->request.epoch, &err) < 0)
		return worker_fail(w, MSMV_FAIL_SYSTEM, &err);
	return 0;
}

static int
extract_one(const char *path, const char *dir, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct entries e = ENTRIES_INIT;
	int result;

	if (fd < 0)
		return err_errno(err, "open %s", path);
	result = tar_read(fd, 0, &e, err);
	if (result == 0)
		result = tree_extract(&e, dir, err);
	entries_release(&e);
	return result;
}

static int
input_extract(struct msmv_stage *s, const char *port, size_t i, const char *dir)
{
	struct worker *w = worker_of(s);
	const char *path = w->stage.host->input_path(s, port, i);
	struct err err = ERR_INIT;

	if (!path)
		return w->stage.host->fail(s, MSMV_FAIL_SYSTEM, "no input %zu at port %s", i, port);
	if (extract_one(path, dir, &err) == 0)
		return 0;
	err_wrap(&err, "%s", w->stage.host->input_name(s, port, i));
	return worker_fail(w, MSMV_FAIL_INPUT, &err);
}

void
host_tree_fill(struct msmv_host *h)
{
	h->tree_open = tree_open;
	h->tree_next = tree_next;
	h->tree_create = tree_create;
	h->tree_add = tree_add;
	h->tree_close = tree_close;
	h->output_tree = output_tree;
	h->input_extract = input_extract;
}

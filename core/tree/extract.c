/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Trees of several stages meet in one folder, so a link from one may lie in the
 * way of another. Every parent is opened with RESOLVE_IN_ROOT: the folder is the
 * root for links too, and nothing outside it can be reached.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "tree/pack.h"

struct place {
	int root;     /* the folder that all goes to */
	int parent;   /* of the last member */
	char *dir;    /* its path */
	struct err *err;
};

static int
open_inside(int root, const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* Members come sorted, so the parent is mostly the one that is open already. */
static int
enter(struct place *p, const char *path)
{
	cleanup_free char *dir = path_dir(path);

	if (p->dir && streq(p->dir, dir))
		return 0;
	if (p->parent >= 0)
		close(p->parent);
	free(p->dir);
	p->dir = NULL;
	p->parent = open_inside(p->root, dir, O_PATH | O_DIRECTORY);
	if (p->parent < 0)
		return err_errno(p->err, "open folder %s", dir);
	p->dir = take(dir);
	return 0;
}

static int
make_dir(struct place *p, const char *name, mode_t mode)
{
	struct stat st;

	if (mkdirat(p->parent, name, (mode & 07777) | 0700) == 0)
		return fchmodat(p->parent, name, (mode & 0777) | 0700, 0);
	if (errno != EEXIST)
		return -1;
	return fstatat(p->parent, name, &st, 0) == 0 && S_ISDIR(st.st_mode) ? 0 : -1;
}

static int
copy_range(int in, uint64_t offset, int out, uint64_t size, struct err *err)
{
	off_t at = (off_t)offset;
	char buf[65536];

	while (size) {
		ssize_t n = copy_file_range(in, &at, out, NULL, size, 0);

		if (n <= 0) {
			n = pread(in, buf, size < sizeof(buf) ? size : sizeof(buf), at);
			if (n < 0)
				return err_errno(err, "read");
			if (n == 0)
				return err_set(err, "its data is cut off");
			if (fs_write_all(out, buf, (size_t)n, err) < 0)
				return -1;
			at += n;
		}
		size -= (uint64_t)n;
	}
	return 0;
}

static int
make_file(struct place *p, const struct entry *e, const char *name)
{
	cleanup_close int in = -1;
	cleanup_close int fd = openat(p->parent, name,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(p->err, "create %s", e->path);
	if (e->fd < 0 && e->size) {
		in = open(e->source, O_RDONLY | O_CLOEXEC);
		if (in < 0)
			return err_errno(p->err, "open %s", e->source);
	}
	if (copy_range(e->fd < 0 ? in : e->fd, e->offset, fd, e->size, p->err) < 0)
		return err_wrap(p->err, "%s", e->path);
	return fchmod(fd, e->mode & 0777) < 0 ? err_errno(p->err, "chmod %s", e->path) : 0;
}

static int
make_hard_link(struct place *p, const struct entry *e, const char *name)
{
	cleanup_free char *dir = path_dir(e->target);
	cleanup_close int from = open_inside(p->root, dir, O_PATH | O_DIRECTORY);

	if (from < 0 || linkat(from, path_base(e->target), p->parent, name, 0) < 0)
		return err_errno(p->err, "link %s to %s", e->path, e->target);
	return 0;
}

static int
make_member(struct place *p, const struct entry *e)
{
	const char *name = path_base(e->path);

	if (enter(p, e->path) < 0)
		return -1;
	if (S_ISDIR(e->mode))
		return make_dir(p, name, e->mode) < 0 ? err_errno(p->err, "mkdir %s", e->path)
						      : 0;
	if (S_ISLNK(e->mode))
		return symlinkat(e->target, p->parent, name) < 0
			? err_errno(p->err, "symlink %s", e->path)
			: 0;
	if (S_ISREG(e->mode))
		return e->target ? make_hard_link(p, e, name) : make_file(p, e, name);
	return 0;
}

int
tree_extract(const struct entries *e, const char *dir, struct err *err)
{
	cleanup_close int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct place p = { .root = root, .parent = -1, .err = err };
	int result = 0;

	if (root < 0)
		return err_errno(err, "open folder %s", dir);
	for (size_t i = 0; result == 0 && i < e->list.len; i++)
		result = make_member(&p, &e->list.v[i]);
	if (p.parent >= 0)
		close(p.parent);
	free(p.dir);
	return result;
}

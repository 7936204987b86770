/* SPDX-License-Identifier: GPL-3.0-only */
/* A folder becomes a list of entries: readdir's order and the builder's uid stay behind. */
#include "tree/pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/witness.h"
#include "tree/tar.h"

/* Of whoever keeps what it scanned for later. */
static void
note(const char *root, const char *path, const struct stat *st, time_t looked)
{
	cleanup_free char *full = path_join(root, path);

	witness_note(WITNESS_LINK, full, st, looked);
}

static int
scan_link(int dir, const char *name, struct entry *e, struct err *err)
{
	char text[4096];
	ssize_t n = readlinkat(dir, name, text, sizeof(text));

	if (n < 0 || n == (ssize_t)sizeof(text))
		return err_errno(err, "readlink %s", e->path);
	e->target = xstrndup(text, (size_t)n);
	return 0;
}

static int scan_dir(int parent, const char *name, const char *prefix, const char *root,
	struct entries *out, struct err *err);

static int
scan_one(int dir, const char *name, const char *path, const char *root, struct entries *out,
	struct err *err)
{
	time_t looked = time(NULL);
	struct entry *e;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(err, "stat %s", path);
	note(root, path, &st, looked);
	e = entries_add(out, path);
	e->mode = st.st_mode;
	if (S_ISLNK(st.st_mode)) {
		e->mode = S_IFLNK | 0777;
		return scan_link(dir, name, e, err);
	}
	if (S_ISREG(st.st_mode)) {
		e->size = (uint64_t)st.st_size;
		e->source = path_join(root, path);
		if (st.st_nlink > 1) /* first names are chosen after sorting */
			e->target = xasprintf("%jx:%ju", (uintmax_t)st.st_dev,
				(uintmax_t)st.st_ino);
	} else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
		e->major = major(st.st_rdev);
		e->minor = minor(st.st_rdev);
	} else if (S_ISDIR(st.st_mode)) {
		return scan_dir(dir, name, path, root, out, err);
	}
	return 0;
}

static int
scan_dir(int parent, const char *name, const char *prefix, const char *root,
	struct entries *out, struct err *err)
{
	/* Only the root itself may be a link: what a person names is what is meant. */
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		(*prefix ? O_NOFOLLOW : 0));
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int result = 0;

	if (!d)
		return err_errno(err, "open folder %s", *prefix ? prefix : root);
	for (struct dirent *e; result == 0 && (e = readdir(d));) {
		cleanup_free char *path = NULL;

		if (streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		path = *prefix ? path_join(prefix, e->d_name) : xstrdup(e->d_name);
		result = scan_one(dirfd(d), e->d_name, path, root, out, err);
	}
	closedir(d);
	return result;
}

/* Of each set of hard links the first by path holds the data. */
static void
name_hard_links(struct entries *e)
{
	struct map first = MAP_INIT;

	for (size_t i = 0; i < e->list.len; i++) {
		struct entry *x = &e->list.v[i];
		cleanup_free char *inode = NULL;
		char *path;

		if (!S_ISREG(x->mode) || !x->target)
			continue;
		inode = take(x->target);
		path = map_get(&first, inode);
		if (!path) {
			map_put(&first, inode, x->path);
			continue;
		}
		x->target = xstrdup(path);
		x->size = 0;
	}
	map_release(&first, NULL);
}

int
tree_scan(const char *dir, struct entries *e, struct err *err)
{
	struct stat st;

	witness_stat(dir, &st);
	if (scan_dir(AT_FDCWD, dir, "", dir, e, err) < 0)
		return -1;
	entries_sort(e);
	name_hard_links(e);
	return 0;
}

int
tree_pack(const char *dir, const char *path, int64_t epoch, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct entries e = ENTRIES_INIT;
	int result;

	if (fd < 0)
		return err_errno(err, "create %s", path);
	result = tree_scan(dir, &e, err);
	if (result == 0)
		result = tar_write(fd, &e, epoch, err);
	entries_release(&e);
	return result;
}

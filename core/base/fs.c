/* SPDX-License-Identifier: GPL-3.0-only */
/* File helpers that the whole engine shares; no function here knows what msmv is. */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"

enum { COPY_MAX = 128 * 1024 }; /* at once */

/* A file that has the name already is an error, a folder is not. */
static int
make_dir(const char *path, mode_t mode, struct err *err)
{
	struct stat st;
	int code;

	if (mkdir(path, mode) == 0)
		return 0;
	code = errno;
	if (code == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	errno = code;
	return err_errno(err, "mkdir %s", path);
}

int
fs_mkdirs(const char *path, mode_t mode, struct err *err)
{
	cleanup_free char *p = xstrdup(path);

	for (char *s = p; *s; s++) {
		if (*s != '/' || s == p)
			continue;
		*s = '\0';
		if (make_dir(p, mode, err) < 0)
			return -1;
		*s = '/';
	}
	return make_dir(p, mode, err);
}

int
fs_read_fd(int fd, const char *path, size_t limit, struct str *out, struct err *err)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (out->len + (size_t)n > limit)
			return err_set(err, "%s: larger than %zu bytes", path, limit);
		str_addn(out, buf, (size_t)n);
	}
	if (n < 0)
		return err_errno(err, "read %s", path);
	return 0;
}

int
fs_recall(const char *path, size_t limit, struct str *out)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : fs_read_fd(fd, path, limit, out, NULL);
}

int
fs_write_all(int fd, const void *data, size_t n, struct err *err)
{
	const char *p = data;

	while (n) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_errno(err, "write");
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

static int
sync_parent(const char *path, struct err *err)
{
	cleanup_free char *dir = path_dir(path);

	return fs_sync_dir(dir, err);
}

int
fs_write(const char *path, const void *data, size_t n, bool durable, struct err *err)
{
	cleanup_free char *tmp = xasprintf("%s.tmp%ld", path, (long)getpid());
	cleanup_close int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_errno(err, "create %s", tmp);
	if (fs_write_all(fd, data, n, err) < 0) {
		unlink(tmp);
		return err_wrap(err, "%s", path);
	}
	if ((durable && fsync(fd) < 0) || rename(tmp, path) < 0) {
		err_errno(err, "replace %s", path);
		unlink(tmp);
		return -1;
	}
	return durable ? sync_parent(path, err) : 0;
}

static int
copy_by_read(int in, int out, struct err *err)
{
	cleanup_free char *buf = xmalloc(COPY_MAX);
	ssize_t n;

	while ((n = read(in, buf, COPY_MAX)) > 0)
		if (fs_write_all(out, buf, (size_t)n, err) < 0)
			return -1;
	if (n < 0)
		return err_errno(err, "read");
	return 0;
}

int
fs_copy_fd(int in, int out, struct err *err)
{
	ssize_t n;
	bool any = false;

	while ((n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0)) > 0)
		any = true;
	if (n == 0)
		return any ? 0 : copy_by_read(in, out, err); /* /proc and pipes say 0 */
	if (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ||
	    errno == EBADF)
		return copy_by_read(in, out, err);
	return err_errno(err, "copy");
}

/* One run of data at the same place in both files; the files' positions stay. */
static int
copy_run(int in, int out, off_t at, off_t end, struct err *err)
{
	off_t to = at;
	char buf[65536];

	while (at < end) {
		ssize_t n = copy_file_range(in, &at, out, &to, (size_t)(end - at), 0);
		size_t want = end - at < (off_t)sizeof(buf) ? (size_t)(end - at) : sizeof(buf);

		if (n > 0)
			continue;
		n = pread(in, buf, want, at);
		if (n <= 0)
			return err_errno(err, "read");
		n = pwrite(out, buf, (size_t)n, to);
		if (n < 0)
			return err_errno(err, "write");
		at += n;
		to += n;
	}
	return 0;
}

/* Holes stay holes. 1: this file system does not tell where they are. */
static int
copy_sparse(int in, int out, struct err *err)
{
	off_t size = lseek(in, 0, SEEK_END), at = 0, data;

	while ((data = lseek(in, at, SEEK_DATA)) >= 0) {
		at = lseek(in, data, SEEK_HOLE);
		if (at < 0)
			break;
		if (copy_run(in, out, data, at, err) < 0)
			return -1;
	}
	if (errno != ENXIO || size < 0)
		return lseek(in, 0, SEEK_SET) == 0 ? 1 : err_errno(err, "seek");
	return ftruncate(out, size) < 0 ? err_errno(err, "truncate") : 0;
}

/* By blocks of the file system if it shares them, else by runs of data, else all of it. */
static int
copy_all(int in, int out, struct err *err)
{
	int sparse;

	if (ioctl(out, FICLONE, in) == 0)
		return 0;
	sparse = copy_sparse(in, out, err);
	return sparse == 1 ? fs_copy_fd(in, out, err) : sparse;
}

int
fs_copy_into(const char *from, int out, struct err *err)
{
	cleanup_close int in = open(from, O_RDONLY | O_CLOEXEC);

	return in < 0 ? err_errno(err, "open %s", from) : copy_all(in, out, err);
}

int
fs_copy(const char *from, const char *to, mode_t mode, struct err *err)
{
	cleanup_close int in = open(from, O_RDONLY | O_CLOEXEC);
	cleanup_close int out = -1;

	if (in < 0)
		return err_errno(err, "open %s", from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (out < 0)
		return err_errno(err, "create %s", to);
	if (copy_all(in, out, err) < 0)
		return err_wrap(err, "%s", to);
	return 0;
}

int
fs_sync_dir(const char *path, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return err_errno(err, "sync %s", path);
	return 0;
}

static int remove_at(int dir, const char *name);

static void
remove_inside(int dir, const char *name, const char *keep)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d;

	if (fd < 0 && errno == EACCES && fchmodat(dir, name, 0700, 0) == 0)
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fchmod(fd, 0700);
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return;
	}
	for (struct dirent *e; (e = readdir(d));)
		if (!streq(e->d_name, ".") && !streq(e->d_name, "..") &&
		    !(keep && streq(e->d_name, keep)))
			remove_at(dirfd(d), e->d_name);
	closedir(d);
}

/* unlink first: most entries are files, and a link to a folder must not be followed. */
static int
remove_at(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM && errno != EACCES)
		return -1;
	remove_inside(dir, name, NULL);
	return unlinkat(dir, name, AT_REMOVEDIR);
}

void
fs_empty(const char *path, const char *keep)
{
	remove_inside(AT_FDCWD, path, keep);
}

int
fs_remove(const char *path, struct err *err)
{
	if (remove_at(AT_FDCWD, path) < 0 && errno != ENOENT)
		return err_errno(err, "remove %s", path);
	return 0;
}

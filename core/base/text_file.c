/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What msmv writes back belongs to a person, so all that is not its bytes has to stay:
 * where it lies, who may read it, and that it may not be written.
 */
#include "base/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"

static int
not_regular(struct err *err)
{
	return err_set(err, "it is no regular file");
}

/* ---- Reading --------------------------------------------------------- */

/* -1 after a report. O_NONBLOCK: a pipe opens at once, and is then refused. */
static int
open_regular(const char *path, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int taken = fd, code = errno;
	struct stat st;

	if (fd < 0) {
		witness_stat(path, &st);
		return err_reason(err, code);
	}
	if (fstat(fd, &st) < 0)
		return err_reason(err, errno);
	if (S_ISDIR(st.st_mode))
		return err_reason(err, EISDIR);
	if (!S_ISREG(st.st_mode))
		return not_regular(err);
	fd = -1;
	return taken;
}

int
text_file_read(const char *path, size_t limit, struct str *out, struct err *err)
{
	cleanup_close int fd = streq(path, "-") ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
						: open_regular(path, err);
	size_t had = out->len;
	char buf[16384];
	ssize_t n;

	if (fd < 0)
		return err_reason(err, errno);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (out->len + (size_t)n > limit && limit >> 20)
			return err_set(err, "larger than %zu MiB", limit >> 20);
		if (out->len + (size_t)n > limit)
			return err_set(err, "larger than %zu bytes", limit);
		str_addn(out, buf, (size_t)n);
	}
	if (n < 0)
		return err_reason(err, errno);
	witness_note_text(path, out->p + had, out->len - had);
	return 0;
}

/* ---- Writing --------------------------------------------------------- */

/* Root could write to it all the same, but whoever took the bits away meant it. */
static int
check_writable(const char *path, const struct stat *st, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return not_regular(err);
	if (!(st->st_mode & 0222))
		return err_set(err, "it is read-only (mode %04o): chmod u+w it first",
			(unsigned)st->st_mode & 07777);
	return access(path, W_OK) < 0 ? err_reason(err, errno) : 0;
}

static int
keep_owner(int fd, const struct stat *was, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_reason(err, errno);
	if ((st.st_uid != was->st_uid || st.st_gid != was->st_gid) &&
		fchown(fd, was->st_uid, was->st_gid) < 0) {
		err_reason(err, errno);
		return err_wrap(err, "cannot keep its owner");
	}
	return fchmod(fd, was->st_mode & 07777) < 0 ? err_reason(err, errno) : 0;
}

static int
fill(int fd, const struct stat *was, const void *data, size_t n, struct err *err)
{
	if (fs_write_all(fd, data, n, err) < 0)
		return -1;
	if (was && keep_owner(fd, was, err) < 0)
		return -1;
	return fsync(fd) < 0 ? err_reason(err, errno) : 0;
}

/* was: the file that is there, or NULL. */
static int
replace(const char *path, const struct stat *was, const void *data, size_t n,
	struct err *err)
{
	cleanup_free char *tmp = xasprintf("%s.tmp%ld", path, (long)getpid());
	cleanup_close int fd = -1;

	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, was ? 0600 : 0666);
	if (fd < 0)
		return err_reason(err, errno);
	if (fill(fd, was, data, n, err) == 0) {
		if (rename(tmp, path) == 0)
			return 0;
		err_reason(err, errno);
	}
	unlink(tmp);
	return -1;
}

int
text_file_write(const char *path, const void *data, size_t n, struct err *err)
{
	cleanup_free char *real = realpath(path, NULL);
	int code = errno;
	struct stat st;

	if (!real && code == ENOENT && lstat(path, &st) < 0)
		return replace(path, NULL, data, n, err);
	if (!real || stat(real, &st) < 0)
		return err_reason(err, real ? errno : code);
	if (check_writable(real, &st, err) < 0)
		return -1;
	return replace(real, &st, data, n, err);
}

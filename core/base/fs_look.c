/* SPDX-License-Identifier: GPL-3.0-only */
/* What is there: whatever a run learns here it also notes, see witness.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"

bool
fs_exists(const char *path)
{
	struct stat st;

	return witness_stat(path, &st) == 0;
}

int
fs_open(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int code = errno, taken = fd;
	time_t looked = time(NULL); /* what is read is read later */
	struct stat st;

	if (fd < 0)
		witness_stat(path, &st);
	else if (witnesses_wanted() && fstat(fd, &st) == 0)
		witness_note(WITNESS_FILE, path, &st, looked);
	fd = -1;
	errno = code;
	return taken;
}

int
fs_read(const char *path, size_t limit, struct str *out, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t had = out->len;
	int code = errno;
	struct stat st;

	if (fd < 0) {
		witness_stat(path, &st);
		errno = code;
		return err_errno(err, "open %s", path);
	}
	if (fs_read_fd(fd, path, limit, out, err) < 0) {
		witnesses_spoil();
		return -1;
	}
	witness_note_text(path, out->p + had, out->len - had);
	return 0;
}

char *
fs_identity(const char *path)
{
	struct stat st;

	return witness_stat(path, &st) < 0 ? xstrdup("absent") : fs_identity_of(&st);
}

char *
fs_identity_of(const struct stat *st)
{
	return xasprintf("%jx:%ju:%jd:%jd.%09ld:%jd.%09ld:%o", (uintmax_t)st->st_dev,
		(uintmax_t)st->st_ino, (intmax_t)st->st_size, (intmax_t)st->st_mtim.tv_sec,
		st->st_mtim.tv_nsec, (intmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec,
		(unsigned)st->st_mode);
}

/*
 * Where times have no fractions they may be whole seconds, or two. Times to come are those
 * of another machine's clock, or of nobody's.
 */
bool
fs_is_settled(const struct stat *st, time_t looked)
{
	time_t grain = st->st_mtim.tv_nsec || st->st_ctim.tv_nsec ? 2 : 4;

	return st->st_mtime < looked - grain && st->st_ctime < looked - grain;
}

char *
fs_real(const char *path)
{
	char *real = realpath(path, NULL);
	int code = errno;

	witness_note_real(path, real);
	errno = code;
	return real;
}

char *
fs_which(const char *name, const char *path)
{
	if (strchr(name, '/'))
		return fs_exists(name) && access(name, X_OK) == 0 ? xstrdup(name) : NULL;
	while (path && *path) {
		size_t n = strcspn(path, ":");
		char *full = xasprintf("%.*s/%s", (int)n, path, name);
		struct stat st;

		if (witness_stat(full, &st) == 0 && S_ISREG(st.st_mode) && access(full, X_OK) == 0)
			return full;
		free(full);
		path += n + (path[n] == ':');
	}
	return NULL;
}

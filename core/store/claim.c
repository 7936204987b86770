/* SPDX-License-Identifier: GPL-3.0-only */
/* A claim is a lock on a file that its holder removes, so the file may be another's by now. */
#include "store/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { TRIES = 100 };

static char *
claim_path(const struct store *s, const char *key)
{
	return xasprintf("%s/claims/%s", s->dir, key);
}

static bool
is_still_there(int fd, const char *path)
{
	struct stat ours, now;

	return fstat(fd, &ours) == 0 && stat(path, &now) == 0 && ours.st_ino == now.st_ino &&
		ours.st_dev == now.st_dev;
}

int
claim_take(const struct store *s, const char *key, struct err *err)
{
	cleanup_free char *path = claim_path(s, key);

	for (int i = 0; i < TRIES; i++) {
		int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

		if (fd < 0)
			return err_errno(err, "claim %s", path);
		if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
			bool held = errno == EWOULDBLOCK;

			if (!held)
				err_errno(err, "lock %s", path);
			close(fd);
			return -1;
		}
		if (is_still_there(fd, path))
			return fd;
		close(fd); /* its holder removed it as we took it */
	}
	return -1;
}

void
claim_give(const struct store *s, const char *key, int fd)
{
	cleanup_free char *path = claim_path(s, key);

	if (fd < 0)
		return;
	unlink(path);
	close(fd);
}

void
claims_clean(const char *dir)
{
	cleanup_free char *claims = path_join(dir, "claims");
	DIR *d = opendir(claims);

	for (struct dirent *e; d && (e = readdir(d));) {
		int fd = e->d_name[0] == '.' ? -1
			: openat(dirfd(d), e->d_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlinkat(dirfd(d), e->d_name, 0);
		if (fd >= 0)
			close(fd);
	}
	if (d)
		closedir(d);
}

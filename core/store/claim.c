/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A claim is the lock of one byte of one file, where the key says: a file for each would be
 * made and removed for every stage, which some file systems take a millisecond for. Keys
 * whose places are the same (of 2^60) would only wait for each other.
 */
#include "store/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* Of the open file, not of the process: two stages of one process are two. */
static int
lock(int fd, short type, const char *key)
{
	cleanup_free char *digits = xstrndup(key, 15); /* 60 bits */
	struct flock where = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1,
		.l_start = (off_t)strtoull(digits, NULL, 16) };

	return fcntl(fd, F_OFD_SETLK, &where);
}

int
claim_take(const struct store *s, const char *key, struct err *err)
{
	cleanup_free char *path = store_path(s, "claims/lock");
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return err_errno(err, "claim %s", path);
	if (lock(fd, F_WRLCK, key) == 0)
		return take_fd(fd);
	return errno == EAGAIN || errno == EACCES ? -1 : err_errno(err, "lock %s", path);
}

void
claim_give(const char *key, int fd)
{
	if (fd < 0)
		return;
	lock(fd, F_UNLCK, key); /* a child that we forked may have it open, too */
	close(fd);
}

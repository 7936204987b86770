/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The room is written to once, and not only asked for: of a file system that puts off where
 * things go that is the surer way. What is put there is cut to its length and takes the
 * file's name, which frees about as much as the next room needs.
 */
#include "vm/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { ROOM = 8192 };

static char *
room_of(const char *path)
{
	return xasprintf("%s.room", path);
}

int
reserve_keep(const char *path)
{
	cleanup_free char *room = room_of(path);
	cleanup_close int fd = open(room, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	char blanks[ROOM];
	int error;

	memset(blanks, ' ', sizeof(blanks));
	if (fd >= 0 && fs_write_all(fd, blanks, sizeof(blanks), NULL) == 0)
		return 0;
	error = errno;
	unlink(room);
	errno = error;
	return -1;
}

void
reserve_release(const char *path)
{
	cleanup_free char *room = room_of(path);

	unlink(room);
}

/* Into blocks that are there. */
static int
write_over(const char *path, const char *text, size_t n)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd >= 0 && n <= ROOM && pwrite(fd, text, n, 0) == (ssize_t)n &&
	       ftruncate(fd, (off_t)n) == 0 ? 0 : -1;
}

int
reserve_write(const char *path, const char *text, size_t n, struct err *err)
{
	cleanup_free char *room = room_of(path);

	if (fs_write(path, text, n, false, err) == 0)
		return 0;
	if (write_over(room, text, n) == 0 && rename(room, path) == 0)
		reserve_keep(path);
	else if (write_over(path, text, n) < 0)
		return -1;
	if (err)
		err_clear(err);
	return 0;
}

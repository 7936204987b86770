/* SPDX-License-Identifier: GPL-3.0-only */
/* Readers follow by the file's identity: a FILE that is another one was turned over. */
#include "vm/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_file(struct journal *j)
{
	struct stat st;

	j->fd = open(j->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (j->fd < 0)
		return -1;
	j->size = fstat(j->fd, &st) == 0 ? st.st_size : 0;
	return 0;
}

int
journal_open(struct journal *j, const char *path, off_t limit)
{
	*j = (struct journal){ strdup(path), -1, 0, limit };
	return j->path ? open_file(j) : -1;
}

/* Whether the open file still has the name: another process may have turned it over. */
static bool
is_named(const struct journal *j)
{
	struct stat named, open;

	return stat(j->path, &named) == 0 && fstat(j->fd, &open) == 0 &&
	       named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

/* Under a lock on the old file: who comes second finds that it has gone, and loses nothing. A
   file that cannot be renamed is emptied, as it shall not grow without end. */
static void
turn_over(struct journal *j)
{
	char *old = NULL;

	if (asprintf(&old, "%s.1", j->path) < 0)
		return;
	flock(j->fd, LOCK_EX);
	if (is_named(j) && rename(j->path, old) < 0 && ftruncate(j->fd, 0) == 0)
		j->size = 0;
	free(old);
	if (is_named(j)) {
		flock(j->fd, LOCK_UN);
		return;
	}
	close(j->fd);
	open_file(j);
}

void
journal_write(struct journal *j, const void *data, size_t size)
{
	const char *p = data;

	if (j->fd >= 0 && j->size > 0 && j->size + (off_t)size > j->limit)
		turn_over(j);
	while (j->fd >= 0 && size > 0) {
		ssize_t n = write(j->fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		j->size += n;
		p += n;
		size -= (size_t)n;
	}
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	*j = (struct journal)JOURNAL_INIT;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* See jobserver.h; make 4.3 knows the pipe only, by descriptor numbers. */
#include "run/jobserver.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { JOBS_MAX = 4096 }; /* more bytes than a pipe holds would block us for ever */

static void
fill(struct jobserver *j, int tokens)
{
	while (tokens-- > 0)
		(void)!write(j->fds[1], "+", 1);
}

int
jobserver_open(struct jobserver *j, int jobs, struct err *err)
{
	char path[64];

	*j = (struct jobserver){ .jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX, .mine = -1 };
	if (pipe2(j->fds, O_CLOEXEC) < 0)
		return err_errno(err, "pipe");
	/* O_NONBLOCK belongs to the open file, and make's end must block. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", j->fds[0]);
	j->mine = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (j->mine < 0)
		return err_errno(err, "open %s", path);
	fill(j, j->jobs - 1);
	return 0;
}

bool
jobserver_take(struct jobserver *j)
{
	char c;

	if (j->running > 0 && read(j->mine, &c, 1) != 1)
		return false;
	j->running++;
	return true;
}

void
jobserver_give(struct jobserver *j)
{
	char c;

	if (--j->running > 0) {
		fill(j, 1);
		return;
	}
	while (read(j->mine, &c, 1) == 1)
		;
	fill(j, j->jobs - 1);
}

void
jobserver_close(struct jobserver *j)
{
	close(j->fds[0]);
	close(j->fds[1]);
	if (j->mine >= 0)
		close(j->mine);
}

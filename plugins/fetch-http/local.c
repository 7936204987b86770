/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Copies a local file. It is copied and not linked, since its owner may write to
 * it at any time, and a file that changes while it is read is refused: the stage's
 * key names the content that was there before.
 */
#include "local.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "partial.h"
#include "signature.h"

enum { CHUNK = 256 * 1024 };

static int
local_open(const char *path, struct stat *st, struct outcome *o)
{
	/* O_NONBLOCK: a FIFO must not hang the stage before it is seen to be one. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_RECIPE,
			"%s does not exist", path);
	if (fd < 0 || fstat(fd, st)) {
		int e = errno;
		if (fd >= 0)
			close(fd);
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_RECIPE,
			"%s cannot be read: %s", path, strerror(e));
	}
	if (!S_ISREG(st->st_mode)) {
		close(fd);
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_RECIPE,
			"%s is %s, but one file is needed", path,
			S_ISDIR(st->st_mode) ? "a folder" : "not a regular file");
	}
	return fd;
}

static int
copy_bytes(const struct want *want, int in, struct partial *p, uint64_t total,
	const char *path, struct outcome *o)
{
	const struct msmv_host *host = want->stage->host;
	char *buf = malloc(CHUNK);
	ssize_t n = -1;
	int r = 0;

	if (!buf)
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "out of memory");
	while (!r && (n = read(in, buf, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			r = outcome_errno(o, "reading", path);
			break;
		}
		if (host->cancelled(want->stage))
			r = outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "cancelled");
		else
			r = partial_write(p, buf, (size_t)n, o);
		host->progress(want->stage, p->size, total, want->label);
	}
	free(buf);
	return r;
}

static int
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int
local_fetch(const struct want *want, const char *path, const char *out, uint64_t *size,
	struct outcome *o)
{
	struct partial p;
	struct stat before = {0}, after;
	int in = local_open(path, &before, o), r;

	if (in < 0)
		return -1;
	r = partial_open(&p, want, "local", path, o);
	if (!r)
		r = partial_reset(&p, o);
	if (!r)
		r = copy_bytes(want, in, &p, (uint64_t)before.st_size, path, o);
	if (!r && (fstat(in, &after) || !same_file(&before, &after)))
		r = outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s changed while it was read: run again", path);
	if (!r)
		r = partial_verify(&p, want, path, o);
	if (!r)
		r = signature_prove(want->signature, want, p.data, path, o);
	*size = p.size;
	if (!r)
		r = partial_publish(&p, out, o);
	else if (p.fd >= 0)
		partial_discard(&p);
	partial_close(&p);
	close(in);
	return r;
}

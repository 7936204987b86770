/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Copies (reflinks where possible), never hard links: what a person does to an
 * image must not reach the store.
 */
#include "cli/export_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/inputs.h"

/* A name that nobody else writes to; a dead process's is taken over. The caller frees. */
static int
open_part(const char *path, bool alone, char **tmp, struct err *err)
{
	for (unsigned n = 0;; n++) {
		int fd;

		*tmp = n ? xasprintf("%s.part%u", path, n) : xasprintf("%s.part", path);
		if (alone)
			unlink(*tmp);
		fd = open(*tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return err_errno(err, "create %s", *tmp);
		free(*tmp);
	}
}

/* What the list calls current must be there after a power cut, too. */
static int
fill(const struct context *ctx, const struct placing *p, int fd, struct err *err)
{
	cleanup_free char *blob = store_blob_path(&ctx->store, p->digest);
	struct stat st;

	if (fs_copy_into(blob, fd, err) < 0)
		return -1;
	if (fsync(fd) < 0 || fstat(fd, &st) < 0)
		return err_errno(err, "sync");
	if ((uint64_t)st.st_size != p->size)
		return err_set(err, "it has %jd bytes instead of %ju", (intmax_t)st.st_size,
			(uintmax_t)p->size);
	return 0;
}

static int
copy_out(const struct context *ctx, const struct placing *p, bool alone, struct err *err)
{
	cleanup_free char *tmp = NULL;
	cleanup_close int fd = open_part(p->path, alone, &tmp, err);

	if (fd < 0)
		return -1;
	if (fill(ctx, p, fd, err) < 0)
		err_wrap(err, "write %s", p->path);
	else if (rename(tmp, p->path) < 0)
		err_errno(err, "write %s", p->path);
	else
		return 0;
	unlink(tmp);
	return -1;
}

int
export_copy(struct context *ctx, const struct placing *p, bool alone, struct err *err)
{
	sigset_t all, old;
	int result;

	if (stored_check(ctx, p->digest, err) < 0)
		return err_wrap(err, "%s: run again", path_base(p->path));
	/* Ctrl-C waits for the rename: half an image must not be left there. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	result = copy_out(ctx, p, alone, err);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

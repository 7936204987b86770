/* SPDX-License-Identifier: GPL-3.0-only */
/* One writer for both kinds of package, so that a full disk reads the same for both. */
#include "sum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

enum { CHUNK = 256 * 1024 };

static int
sum_errno(struct sum *s, const char *doing)
{
	int e = errno;

	if (e == ENOSPC || e == EDQUOT)
		return s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM,
			"the disk is full (%s %s): free some space and run again", doing,
			s->path);
	return s->stage->host->fail(
		s->stage, MSMV_FAIL_SYSTEM, "%s %s: %s", doing, s->path, strerror(e));
}

int
sum_open(struct sum *s, struct msmv_stage *stage, const char *path)
{
	memset(s, 0, sizeof(*s));
	s->stage = stage;
	s->path = path;
	s->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (s->fd < 0)
		return sum_errno(s, "creating");
	s->ctx = EVP_MD_CTX_new();
	if (s->ctx && EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) == 1)
		return 0;
	sum_abort(s);
	return stage->host->fail(stage, MSMV_FAIL_SYSTEM,
		"libcrypto cannot compute SHA-256 on this machine");
}

int
sum_add(struct sum *s, const void *data, size_t n)
{
	const char *at = data;

	if (EVP_DigestUpdate(s->ctx, data, n) != 1)
		return s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
	s->size += n;
	while (n) {
		ssize_t w = write(s->fd, at, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return sum_errno(s, "writing");
		at += w;
		n -= (size_t)w;
	}
	return 0;
}

int
sum_finish(struct sum *s, char hex[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int fd = s->fd;

	if (EVP_DigestFinal_ex(s->ctx, md, &n) != 1)
		n = 0;
	for (unsigned i = 0; i < n && i < 32; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", md[i]);
	s->fd = -1;
	sum_abort(s);
	if (close(fd))
		return sum_errno(s, "writing");
	return n == 32 ? 0 :
			 s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM,
				 "libcrypto cannot compute SHA-256 on this machine");
}

void
sum_abort(struct sum *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	EVP_MD_CTX_free(s->ctx);
	s->ctx = NULL;
}

static int
sum_copy_fd(struct sum *s, int in, const char *from)
{
	char *buf = malloc(CHUNK);
	ssize_t n = -1;
	int r = 0;

	while (buf && !r && (n = read(in, buf, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		r = sum_add(s, buf, (size_t)n);
	}
	free(buf);
	if (!r && n < 0)
		r = s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM, "reading %s: %s", from,
			strerror(errno));
	return r;
}

int
sum_copy(struct msmv_stage *stage, const char *from, const char *to, uint64_t *size,
	char hex[65])
{
	int in = open(from, O_RDONLY | O_CLOEXEC), r;
	struct sum s;

	if (in < 0)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "opening %s: %s", from,
			strerror(errno));
	r = sum_open(&s, stage, to);
	if (!r) {
		r = sum_copy_fd(&s, in, from);
		*size = s.size;
		if (!r)
			r = sum_finish(&s, hex);
		else
			sum_abort(&s);
	}
	close(in);
	return r;
}

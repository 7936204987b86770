/* SPDX-License-Identifier: GPL-3.0-only */
/* Writer of the canonical tar: buffered headers, file data by the kernel's own copy. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/str.h"
#include "tree/tar.h"
#include "tree/tar_header.h"

enum {
	BUFFER = 256 * 1024,
	COPY_MIN = 128 * 1024, /* larger files bypass the buffer */
	NODE_MAX = 07777777    /* of a device's number: seven digits */
};

struct writer {
	int fd;
	int64_t epoch;
	size_t used;
	char *buf;
	struct err *err;
};

static int
flush(struct writer *w)
{
	size_t n = w->used;

	w->used = 0;
	return fs_write_all(w->fd, w->buf, n, w->err);
}

static int
put(struct writer *w, const void *data, size_t n)
{
	if (n > BUFFER - w->used && flush(w) < 0)
		return -1;
	if (n > BUFFER)
		return fs_write_all(w->fd, data, n, w->err);
	memcpy(w->buf + w->used, data, n);
	w->used += n;
	return 0;
}

static int
pad(struct writer *w, uint64_t size)
{
	static const char zeros[TAR_BLOCK];
	size_t n = (size_t)(-size & (TAR_BLOCK - 1));

	return n ? put(w, zeros, n) : 0;
}

static char
type_of(const struct entry *e)
{
	if (S_ISREG(e->mode))
		return e->target ? '1' : '0';
	if (S_ISDIR(e->mode))
		return '5';
	if (S_ISLNK(e->mode))
		return '2';
	if (S_ISCHR(e->mode))
		return '3';
	if (S_ISBLK(e->mode))
		return '4';
	return S_ISFIFO(e->mode) ? '6' : 0;
}

static void
octal(char *field, size_t width, uint64_t value)
{
	for (size_t i = width - 1; i-- > 0; value >>= 3)
		field[i] = (char)('0' + (value & 7));
	field[width - 1] = '\0';
}

static int
put_header(struct writer *w, struct tar_header *h)
{
	unsigned sum = 0;

	memcpy(h->magic, "ustar\0" "00", 8);
	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += ((const unsigned char *)h)[i];
	octal(h->checksum, 7, sum);
	return put(w, h, TAR_BLOCK);
}

/* One pax record: "LEN key=value\n", where LEN counts itself. */
static void
pax_add(struct str *pax, const char *key, const char *value)
{
	size_t body = strlen(key) + strlen(value) + 3;
	size_t len = body + 1, digits;
	char text[24];

	do {
		digits = (size_t)snprintf(text, sizeof(text), "%zu", len);
		len = body + digits;
	} while ((size_t)snprintf(text, sizeof(text), "%zu", len) != digits);
	str_addf(pax, "%zu %s=%s\n", len, key, value);
}

static void
pax_number(struct str *pax, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	pax_add(pax, key, text);
}

static int
put_pax(struct writer *w, const struct str *pax)
{
	struct tar_header h = { .name = "././@PaxHeader", .type = 'x' };

	octal(h.mode, sizeof(h.mode), 0644);
	octal(h.uid, sizeof(h.uid), 0);
	octal(h.gid, sizeof(h.gid), 0);
	octal(h.size, sizeof(h.size), pax->len);
	octal(h.mtime, sizeof(h.mtime), (uint64_t)w->epoch);
	if (put_header(w, &h) < 0 || put(w, pax->p, pax->len) < 0)
		return -1;
	return pad(w, pax->len);
}

/* A value that has no room in the header goes to pax; a number's field is then 0. */
static uint64_t
fit(struct str *pax, const char *key, uint64_t value, uint64_t max)
{
	if (value <= max)
		return value;
	pax_number(pax, key, value);
	return 0;
}

static void
fit_text(struct str *pax, const char *key, char field[100], const char *text)
{
	size_t n = strlen(text);

	if (n > 100) {
		pax_add(pax, key, text);
		n = 100;
	}
	memcpy(field, text, n); /* NOLINT(bugprone-not-null-terminated-result): as tar has it */
}

static int
put_entry_header(struct writer *w, const struct entry *e)
{
	cleanup_free char *name = xasprintf("%s%s", e->path, S_ISDIR(e->mode) ? "/" : "");
	struct tar_header h = { .type = type_of(e) };
	cleanup_str struct str pax = STR_INIT;

	if (!h.type)
		return err_set(w->err, "%s: a socket cannot be in a tree", e->path);
	if ((h.type == '3' || h.type == '4') && (e->major > NODE_MAX || e->minor > NODE_MAX))
		return err_set(w->err, "%s: device number %" PRIu32 ":%" PRIu32 " is too large",
			e->path, e->major, e->minor);
	fit_text(&pax, "path", h.name, name);
	if (e->target)
		fit_text(&pax, "linkpath", h.link, e->target);
	octal(h.mode, sizeof(h.mode), e->mode & 07777);
	octal(h.uid, sizeof(h.uid), fit(&pax, "uid", e->uid, 07777777));
	octal(h.gid, sizeof(h.gid), fit(&pax, "gid", e->gid, 07777777));
	octal(h.size, sizeof(h.size), fit(&pax, "size", e->size, 077777777777));
	octal(h.mtime, sizeof(h.mtime), (uint64_t)w->epoch);
	if (h.type == '3' || h.type == '4') {
		octal(h.major, sizeof(h.major), e->major);
		octal(h.minor, sizeof(h.minor), e->minor);
	}
	if (pax.len && put_pax(w, &pax) < 0)
		return -1;
	return put_header(w, &h);
}

/* Through the buffer: small files cost one read each and no write of their own. */
static int
put_small(struct writer *w, int fd, uint64_t offset, uint64_t size)
{
	while (size) {
		size_t room = BUFFER - w->used;
		ssize_t n;

		if (!room) {
			if (flush(w) < 0)
				return -1;
			continue;
		}
		n = pread(fd, w->buf + w->used, size < room ? size : room, (off_t)offset);
		if (n < 0)
			return err_errno(w->err, "read");
		if (n == 0)
			return err_set(w->err, "file shrank while it was packed");
		w->used += (size_t)n;
		offset += (uint64_t)n;
		size -= (uint64_t)n;
	}
	return 0;
}

static int
put_large(struct writer *w, int fd, uint64_t offset, uint64_t size)
{
	off_t at = (off_t)offset;

	if (flush(w) < 0)
		return -1;
	while (size) {
		ssize_t n = copy_file_range(fd, &at, w->fd, NULL, size, 0);

		if (n < 0 && errno == ENOSPC)
			return err_errno(w->err, "write");
		if (n <= 0)
			return put_small(w, fd, (uint64_t)at, size);
		size -= (uint64_t)n;
	}
	return 0;
}

static int
put_data(struct writer *w, const struct entry *e)
{
	cleanup_close int own = -1;
	int fd = e->fd;

	if (fd < 0) {
		if (!e->source)
			return err_set(w->err, "%s: no data", e->path);
		fd = own = open(e->source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (own < 0)
			return err_errno(w->err, "open %s", e->source);
	}
	if ((e->size < COPY_MIN ? put_small : put_large)(w, fd, e->offset, e->size) < 0)
		return err_wrap(w->err, "%s", e->path);
	return pad(w, e->size);
}

int
tar_write(int fd, const struct entries *e, int64_t epoch, struct err *err)
{
	static const char end[2 * TAR_BLOCK];
	cleanup_free char *buf = xmalloc(BUFFER);
	struct writer w = { .fd = fd, .epoch = epoch, .buf = buf, .err = err };

	for (size_t i = 0; i < e->list.len; i++) {
		const struct entry *x = &e->list.v[i];

		if (put_entry_header(&w, x) < 0)
			return -1;
		if (S_ISREG(x->mode) && !x->target && x->size && put_data(&w, x) < 0)
			return -1;
	}
	if (put(&w, end, sizeof(end)) < 0)
		return -1;
	return flush(&w);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Reader of the canonical tar. It reads headers only and remembers where the data
 * is. A blob was checked against its digest, but its maker may have lied, so
 * every number and name is checked as if it came from outside.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "tree/tar.h"
#include "tree/tar_header.h"

enum { PAX_MAX = 64 * 1024 };

struct reader {
	int fd;
	uint64_t at, size;
	struct err *err;
	/* What a pax header says of the next entry. */
	char *path, *link;
	uint64_t uid, gid, data;
	unsigned has; /* bits below */
	size_t buf_len;
	uint64_t buf_at;
	char buf[128 * 1024];
};

enum { HAS_UID = 1, HAS_GID = 2, HAS_SIZE = 4 };

/* n bytes at r->at, from the buffer where it has them. */
static int
get(struct reader *r, void *out, size_t n)
{
	if (n > r->size - r->at)
		return err_set(r->err, "tree: cut off at byte %llu", (unsigned long long)r->at);
	if (r->at < r->buf_at || r->at + n > r->buf_at + r->buf_len) {
		ssize_t k = pread(r->fd, r->buf, sizeof(r->buf), (off_t)r->at);

		if (k < 0)
			return err_errno(r->err, "tree: read");
		if (k < (ssize_t)n)
			return err_set(r->err, "tree: cut off at byte %llu",
				(unsigned long long)r->at);
		r->buf_at = r->at;
		r->buf_len = (size_t)k;
	}
	memcpy(out, r->buf + (r->at - r->buf_at), n);
	r->at += n;
	return 0;
}

static int
skip(struct reader *r, uint64_t n)
{
	uint64_t padded = (n + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);

	if (padded < n || padded > r->size - r->at)
		return err_set(r->err, "tree: a member's size is beyond the end");
	r->at += padded;
	return 0;
}

/* Digits up to a NUL or blank; -1 if there is anything else. */
static int
octal(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < n && s[i] && s[i] != ' '; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		*out = *out << 3 | (uint64_t)(s[i] - '0');
	}
	return 0;
}

static int
checksum_holds(const struct tar_header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	uint64_t want;
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : p[i];
	return octal(h->checksum, sizeof(h->checksum), &want) == 0 && want == sum;
}

static void
forget_pax(struct reader *r)
{
	free(r->path);
	free(r->link);
	r->path = r->link = NULL;
	r->has = 0;
}

static int
pax_number(const char *s, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno && *out <= max ? 0 : -1;
}

static int
pax_record(struct reader *r, const char *key, const char *value)
{
	if (streq(key, "path")) {
		free(r->path);
		r->path = xstrdup(value);
	} else if (streq(key, "linkpath")) {
		free(r->link);
		r->link = xstrdup(value);
	} else if (streq(key, "uid") && pax_number(value, UINT32_MAX, &r->uid) == 0) {
		r->has |= HAS_UID;
	} else if (streq(key, "gid") && pax_number(value, UINT32_MAX, &r->gid) == 0) {
		r->has |= HAS_GID;
	} else if (streq(key, "size") && pax_number(value, INT64_MAX, &r->data) == 0) {
		r->has |= HAS_SIZE;
	} else {
		return err_set(r->err, "tree: unexpected pax record %s", key);
	}
	return 0;
}

static int
read_pax(struct reader *r, uint64_t size)
{
	cleanup_free char *text = NULL;
	char *p, *end;

	if (size > PAX_MAX)
		return err_set(r->err, "tree: pax header too large");
	text = xcalloc(1, (size_t)size + 1);
	if (get(r, text, (size_t)size) < 0)
		return -1;
	r->at -= size;
	if (skip(r, size) < 0)
		return -1;
	end = text + size;
	for (p = text; p < end;) {
		char *key, *eq;
		unsigned long len = strtoul(p, &key, 10);

		if (*p < '1' || *p > '9' || *key != ' ' || len < 5 || len > (size_t)(end - p) || p[len - 1] != '\n' ||
		    key >= p + len)
			return err_set(r->err, "tree: malformed pax header");
		p[len - 1] = '\0';
		eq = strchr(++key, '=');
		if (!eq)
			return err_set(r->err, "tree: malformed pax header");
		*eq = '\0';
		if (pax_record(r, key, eq + 1) < 0)
			return -1;
		p += len;
	}
	return 0;
}

static mode_t
type_mode(char type)
{
	switch (type) {
	case '0':
	case '1':
		return S_IFREG;
	case '2':
		return S_IFLNK;
	case '3':
		return S_IFCHR;
	case '4':
		return S_IFBLK;
	case '5':
		return S_IFDIR;
	case '6':
		return S_IFIFO;
	default:
		return 0;
	}
}

/* Names that a canonical tar has no room for are in pax, never split at a '/'. */
static int
format_ok(const struct tar_header *h)
{
	return memcmp(h->magic, "ustar\0" "00", 8) == 0 && !h->prefix[0] &&
		type_mode(h->type);
}

/* A link leads somewhere, and a hard link to a member. */
static int
add_target(struct reader *r, const struct tar_header *h, struct entry *e)
{
	if (h->type != '1' && h->type != '2')
		return 0;
	e->target = r->link ? take(r->link) : xstrndup(h->link, sizeof(h->link));
	if (h->type == '1' ? path_is_clean(e->target) : *e->target)
		return 0;
	return err_set(r->err, "tree: unsafe link '%s' to '%s'", e->path, e->target);
}

static int
add_entry(struct reader *r, const struct tar_header *h, uint32_t order, struct entries *out)
{
	cleanup_free char *path = r->path ? take(r->path) : xstrndup(h->name, sizeof(h->name));
	uint64_t mode, uid, gid, size, major, minor;
	struct entry *e;

	if (str_ends(path, "/"))
		path[strlen(path) - 1] = '\0';
	if (!path_is_clean(path))
		return err_set(r->err, "tree: unsafe path '%s'", path);
	if (octal(h->mode, 8, &mode) < 0 || octal(h->uid, 8, &uid) < 0 ||
	    octal(h->gid, 8, &gid) < 0 || octal(h->size, 12, &size) < 0 ||
	    octal(h->major, 8, &major) < 0 || octal(h->minor, 8, &minor) < 0 ||
	    !format_ok(h))
		return err_set(r->err, "tree: malformed header of '%s'", path);
	e = entries_add(out, path);
	e->mode = type_mode(h->type) | (mode_t)(mode & 07777);
	e->uid = (uint32_t)(r->has & HAS_UID ? r->uid : uid);
	e->gid = (uint32_t)(r->has & HAS_GID ? r->gid : gid);
	e->major = (uint32_t)major;
	e->minor = (uint32_t)minor;
	e->size = h->type != '0' ? 0 : r->has & HAS_SIZE ? r->data : size;
	e->order = order;
	e->fd = r->fd;
	e->offset = r->at;
	return add_target(r, h, e) < 0 ? -1 : skip(r, e->size);
}

static int
read_all(struct reader *r, uint32_t order, struct entries *out)
{
	static const char zero[TAR_BLOCK];
	struct tar_header h = { 0 };

	for (;;) {
		uint64_t size;

		if (get(r, &h, sizeof(h)) < 0)
			return -1;
		if (memcmp(&h, zero, sizeof(zero)) == 0)
			return 0;
		if (!checksum_holds(&h))
			return err_set(r->err, "tree: bad checksum at byte %llu",
				(unsigned long long)r->at - TAR_BLOCK);
		if (h.type == 'x') {
			if (octal(h.size, 12, &size) < 0 || read_pax(r, size) < 0)
				return err_set(r->err, "tree: malformed pax header");
			continue;
		}
		if (add_entry(r, &h, order, out) < 0)
			return -1;
		forget_pax(r);
	}
}

int
tar_read(int fd, uint32_t order, struct entries *out, struct err *err)
{
	cleanup_free struct reader *r = xcalloc(1, sizeof(*r));
	struct stat st;
	int result;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "tree: stat");
	r->fd = fd;
	r->size = (uint64_t)st.st_size;
	r->err = err;
	result = read_all(r, order, out);
	forget_pax(r);
	return result;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* What the tests of trees share: entries by hand, and canonical tars as bytes. */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree/tar.h"
#include "tree/tar_header.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

enum { EPOCH = 315532800 };

static inline struct entry *
put_entry(struct entries *e, const char *path, mode_t mode, const char *target)
{
	struct entry *x = entries_add(e, path);

	x->mode = mode;
	x->target = target ? xstrdup(target) : NULL;
	return x;
}

/* A regular file whose data is in a file of the test's folder. */
static inline struct entry *
put_data_entry(struct entries *e, const char *path, const char *data)
{
	struct entry *x = put_entry(e, path, S_IFREG | 0644, NULL);
	static int n;
	cleanup_free char *name = xasprintf("data%d", n++);

	x->source = tmpdir_file(name, data, strlen(data));
	x->size = strlen(data);
	return x;
}

/* Settles and writes to a file of that name; its path, the caller frees. */
static inline char *
write_tree(struct entries *e, const char *name)
{
	char *path = tmpdir_path(name);
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_msg(entries_settle(e, &err) == 0, "%s", err_msg(&err));
	ck_assert_msg(tar_write(fd, e, EPOCH, &err) == 0, "%s", err_msg(&err));
	return path;
}

static inline int
read_tree(const char *path, struct entries *e, int *fd, struct err *err)
{
	*fd = open(path, O_RDONLY);
	ck_assert_int_ge(*fd, 0);
	return tar_read(*fd, 0, e, err);
}

static inline const struct entry *
find_entry(const struct entries *e, const char *path)
{
	for (size_t i = 0; i < e->list.len; i++)
		if (streq(e->list.v[i].path, path))
			return &e->list.v[i];
	ck_abort_msg("%s is not there", path);
}

/* The checksum of a header that a test has changed. */
static inline void
seal(struct tar_header *h)
{
	unsigned sum = 0;

	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += ((const unsigned char *)h)[i];
	snprintf(h->checksum, 7, "%06o", sum);
	h->checksum[7] = ' ';
}

static inline struct tar_header
header(char type, const char *name, const char *link)
{
	struct tar_header h = { .type = type };

	memcpy(h.name, name, strlen(name));
	memcpy(h.link, link, strlen(link));
	memcpy(h.mode, "0000644", 8);
	memcpy(h.uid, "0000000", 8);
	memcpy(h.gid, "0000000", 8);
	memcpy(h.size, "00000000000", 12);
	memcpy(h.mtime, "00000000000", 12);
	memcpy(h.magic, "ustar\0" "00", 8);
	seal(&h);
	return h;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* A tree's blob was written by a plugin, so anybody may have written it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "tree/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int holds)
{
	if (!holds)
		abort();
}

static void
check_entry(const struct entry *e, size_t size)
{
	must(path_is_clean(e->path));
	must(e->size <= size && e->offset <= size - e->size);
	must(!e->target || *e->target);
	must(!S_ISREG(e->mode) || !e->target || path_is_clean(e->target));
	must(!S_ISLNK(e->mode) || e->target);
}

/* What was taken can be written, and what is written is taken and the same. */
static void
write_again(struct entries *e)
{
	cleanup_close int fd = memfd_create("again", MFD_CLOEXEC);
	struct entries back = ENTRIES_INIT;

	if (entries_settle(e, NULL) < 0 || tar_write(fd, e, 0, NULL) < 0)
		return;
	must(tar_read(fd, 0, &back, NULL) == 0);
	must(back.list.len == e->list.len);
	for (size_t i = 0; i < back.list.len; i++) {
		must(streq(back.list.v[i].path, e->list.v[i].path));
		must(back.list.v[i].mode == e->list.v[i].mode);
		must(back.list.v[i].size == e->list.v[i].size);
		must(back.list.v[i].uid == e->list.v[i].uid);
	}
	entries_release(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_close int fd = memfd_create("tar", MFD_CLOEXEC);
	cleanup_err struct err err = ERR_INIT;
	struct entries e = ENTRIES_INIT;
	int result;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	result = tar_read(fd, 0, &e, &err);
	must((result < 0) == (err.msg != NULL));
	if (result == 0) {
		for (size_t i = 0; i < e.list.len; i++)
			check_entry(&e.list.v[i], size);
		write_again(&e);
	}
	entries_release(&e);
	return 0;
}

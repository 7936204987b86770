/* SPDX-License-Identifier: GPL-3.0-only */
/* One member of a file tree, and a list of them that is sorted by path. */
#ifndef MSMV_TREE_ENTRY_H
#define MSMV_TREE_ENTRY_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

struct entry {
	char *path;      /* relative, clean; owned */
	char *target;    /* symbolic link's text, or hard link's first name; owned */
	mode_t mode;     /* type and permissions */
	uint32_t uid, gid;
	uint32_t major, minor;
	uint64_t size;   /* of a regular file that is no hard link */
	int fd;          /* where the data is, not owned; -1: by name, or none */
	uint64_t offset; /* of the data in fd */
	char *source;    /* file that holds the data while fd is -1; owned */
	uint32_t order;  /* which tree it came from, when several are merged */
};

struct entries {
	VEC(struct entry) list;
};

#define ENTRIES_INIT { VEC_INIT }

/* Adds a zeroed entry with fd -1; the pointer holds until the next call. */
struct entry *entries_add(struct entries *e, const char *path);
/* By path bytes, then by order: a folder comes before what is in it. */
void entries_sort(struct entries *e);
/*
 * After sorting: folds equal folders into one, fails on any other path that is
 * there twice and on what lies below a file, and adds missing parents as 0755
 * root:root.
 */
int entries_settle(struct entries *e, struct err *err);
void entries_release(struct entries *e);

#endif

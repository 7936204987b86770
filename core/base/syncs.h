/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Files and folders that are to be on the disk, all of them waited for at the same time: a
 * disk's driver makes one flush of those that are asked for together.
 *
 *	syncs_add(&s, path)       once, however often it is added
 *	syncs_wait(&s)
 *	syncs_code(&s, path)      0, or the errno of its fsync
 */
#ifndef MSMV_BASE_SYNCS_H
#define MSMV_BASE_SYNCS_H

#include "base/map.h"
#include "base/vec.h"

struct sync {
	const char *path;
	int code;
};

struct syncs {
	struct map places; /* path -> its number + 1 in the list */
	VEC(struct sync) list;
};

#define SYNCS_INIT { MAP_INIT, VEC_INIT }
#define cleanup_syncs __attribute__((cleanup(syncs_release)))

void syncs_add(struct syncs *s, const char *path);
void syncs_wait(struct syncs *s);
/* 0 also of a path that was not added. */
int syncs_code(const struct syncs *s, const char *path);
void syncs_release(struct syncs *s);

#endif

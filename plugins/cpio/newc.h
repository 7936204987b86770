/* SPDX-License-Identifier: GPL-3.0-only */
/* The newc archive: what of a tree's member is written, and as which bytes. */
#ifndef MSMV_CPIO_NEWC_H
#define MSMV_CPIO_NEWC_H

#include "links.h"
#include "sink.h"

struct newc {
	struct msmv_stage *stage;
	struct sink *sink;
	struct links links;
	uint32_t mtime;   /* of every member */
	uint32_t inodes;  /* given out so far */
	uint64_t entries; /* members seen by newc_measure */
	uint64_t size;    /* bytes that they take, newc_close included */
};

/* First pass: refuses what newc or the kernel cannot hold, and adds up the size. */
int newc_measure(struct newc *newc, const struct msmv_entry *entry);
/* After the first pass. */
void newc_measured(struct newc *newc);
/*
 * A pass of its own if links.count is not 0: a name may come before the file that
 * it is a hard link to, and needs that file's mode and owner.
 */
int newc_learn(struct newc *newc, const struct msmv_entry *entry);
/* Last pass, same entries: writes them. */
int newc_add(struct newc *newc, const struct msmv_entry *entry);
/* Writes the end mark. */
int newc_close(struct newc *newc);
void newc_release(struct newc *newc);

#endif

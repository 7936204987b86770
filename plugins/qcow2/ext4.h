/* SPDX-License-Identifier: GPL-3.0-only */
/* The file system as a whole: made empty, filled, completed. */
#ifndef MSMV_QCOW2_EXT4_H
#define MSMV_QCOW2_EXT4_H

#include "disk.h"

#include <ext2fs/ext2fs.h>
#include <msmv/plugin.h>

#include "stamp.h"

#define EXT4_BLOCK_BITS 12
#define EXT4_BLOCK (1U << EXT4_BLOCK_BITS)

struct ext4 {
	struct msmv_stage *stage;
	ext2_filsys fs;
	int64_t epoch;
	int journal;    /* whether to have one */
	blk64_t goal;   /* where the last data ended */
	uint64_t bytes; /* of file data so far, for progress */
	uint64_t total;
};

/* Makes an empty file system on the disk; 0 or libext2fs' error. */
errcode_t ext4_make(struct ext4 *ext4, struct disk *disk, uint32_t inodes);
/* Names, dates and writes all; the disk is not yet finished. */
errcode_t ext4_close(struct ext4 *ext4, const char *label);
void ext4_release(struct ext4 *ext4);

#endif

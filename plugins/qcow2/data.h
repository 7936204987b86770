/* SPDX-License-Identifier: GPL-3.0-only */
/* What an inode's blocks hold: given in order, zeros left out. */
#ifndef MSMV_QCOW2_DATA_H
#define MSMV_QCOW2_DATA_H

#include "ext4.h"

struct data {
	struct ext4 *ext4;
	struct ext2_inode *inode;
	ext2_extent_handle_t extents;
	blk64_t next;                /* block of the file that comes next */
	struct ext2fs_extent extent; /* not yet in the inode; e_len 0: none */
};

/* Starts an empty inode's data. */
errcode_t data_open(
	struct data *data, struct ext4 *ext4, ext2_ino_t ino, struct ext2_inode *inode);
/* Adds whole blocks; those of zeros become holes. */
errcode_t data_add(struct data *data, const unsigned char *blocks, size_t count);
/* Completes the inode's map, unless rc is an error already; returns the first error. */
errcode_t data_close(struct data *data, errcode_t rc);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* One node as an inode with its data. */
#ifndef MSMV_QCOW2_INODE_H
#define MSMV_QCOW2_INODE_H

#include "ext4.h"
#include "nodes.h"

/* Bytes of a symbolic link's target that need no block. */
#define INODE_FAST_LINK 59

/* Writes the node at that place in the list; 0 or libext2fs' error. */
errcode_t inode_write(struct ext4 *ext4, const struct nodes *nodes, uint32_t at);

#endif

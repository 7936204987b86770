/* SPDX-License-Identifier: GPL-3.0-only */
/* How large a disk must be for what goes on it. */
#ifndef MSMV_QCOW2_ROOM_H
#define MSMV_QCOW2_ROOM_H

#include "nodes.h"

#define ROOM_LEAST ((uint64_t)32 << 20) /* of a disk whose size nobody gave */

/* The option "size", checked, or what suits the nodes; 0 after a failure (recorded). */
uint64_t room_size(struct msmv_stage *stage, const struct nodes *nodes);
/* How many inodes a disk of that size gets. */
uint32_t room_inodes(const struct nodes *nodes, uint64_t size);

#endif

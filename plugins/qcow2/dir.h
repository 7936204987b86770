/* SPDX-License-Identifier: GPL-3.0-only */
/* A folder's blocks. */
#ifndef MSMV_QCOW2_DIR_H
#define MSMV_QCOW2_DIR_H

#include "nodes.h"

/* Takes one block; 0 or an error that ends dir_build. */
typedef long (*dir_emit)(void *arg, const unsigned char *block);

/* Makes all blocks of the folder at that place in the list. */
long dir_build(const struct nodes *nodes, uint32_t at, dir_emit emit, void *arg);
/* How many there are. */
uint32_t dir_blocks(const struct nodes *nodes, uint32_t at);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* A number that stands for all that goes into a file system. */
#ifndef MSMV_QCOW2_STAMP_H
#define MSMV_QCOW2_STAMP_H

#include <msmv/plugin.h>

#define STAMP_SIZE 16

/* 0, or an errno. label may be NULL. */
int stamp_make(struct msmv_stage *stage, const char *label, unsigned char out[STAMP_SIZE]);

#endif

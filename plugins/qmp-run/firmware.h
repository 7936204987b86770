/* SPDX-License-Identifier: GPL-3.0-only */
/* What starts a UKI. */
#ifndef QMP_RUN_FIRMWARE_H
#define QMP_RUN_FIRMWARE_H

#include <msmv/plugin.h>

#include "vm/guest.h"

/*
 * The firmware image to use: the option, or the first of the architecture's
 * candidates that is here; NULL if none is. Each candidate is given to visit (may be
 * NULL) until one is found.
 */
const char *firmware_find(struct msmv_stage *stage,
                          int (*visit)(struct msmv_stage *, const char *path));
/* The image, and the disk that holds the UKI, behind those that are there. */
int firmware_take(struct msmv_stage *stage, struct guest *guest);

#endif

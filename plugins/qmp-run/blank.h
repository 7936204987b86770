/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a guest mounts and no recipe makes: disks that its machine will have, and folders
 * that its host will share. For the proof they are blank, and gone afterwards.
 */
#ifndef QMP_RUN_BLANK_H
#define QMP_RUN_BLANK_H

#include <stdbool.h>
#include <stdint.h>

#include <msmv/plugin.h>

#include "vm/guest.h"

/* -1 after what is wrong with the options disks and shares was said at its place. */
int blank_check(struct msmv_stage *stage);
/* Adds them to the guest, behind the disks that it has. */
int blank_take(struct msmv_stage *stage, struct guest *guest);
/* Whether a disk is one of these; the name of its file; its size in bytes. */
bool blank_is(const struct guest_disk *disk);
const char *blank_name(const struct guest_disk *disk);
int64_t blank_size(const struct guest_disk *disk);

#endif

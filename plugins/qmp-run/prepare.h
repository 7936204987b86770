/* SPDX-License-Identifier: GPL-3.0-only */
/* From the stage's inputs and options to the machine that shall boot. */
#ifndef QMP_RUN_PREPARE_H
#define QMP_RUN_PREPARE_H

#include <msmv/plugin.h>

#include "check.h"
#include "vm/guest.h"

/*
 * Fills everything but accel and cpu; the ports that checks need lead to the guest. Files
 * that QEMU needs are made in the work folder. The guest's strings live until the process
 * ends.
 */
int guest_prepare(struct msmv_stage *stage, const struct checks *checks, struct guest *guest);
/* The same guest with files as a person finds them: "bzImage", "disk.qcow2". */
void guest_for_person(struct msmv_stage *stage, const struct guest *guest,
                      struct guest *person);
/* The cpu option, or the best that accel has. */
const char *guest_cpu(struct msmv_stage *stage, const char *accel);
/* Text that lives on, as the process does one boot and ends; NULL after it was reported. */
const char *text_keep(struct msmv_stage *stage, const char *fmt, ...) MSMV_PRINTF(2, 3);

#endif

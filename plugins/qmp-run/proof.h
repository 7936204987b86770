/* SPDX-License-Identifier: GPL-3.0-only */
/* The boot that counts, after as many as it takes, and the report of it. */
#ifndef QMP_RUN_PROOF_H
#define QMP_RUN_PROOF_H

#include <msmv/plugin.h>

#include "check.h"
#include "vm/guest.h"

/* log: file that gets the console. -1 when the guest has failed; why is recorded. */
int proof_make(struct msmv_stage *stage, struct guest *guest, struct checks *checks, int log);

#endif

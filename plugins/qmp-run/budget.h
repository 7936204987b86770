/* SPDX-License-Identifier: GPL-3.0-only */
/* [run.budget]: what a boot may cost. */
#ifndef QMP_RUN_BUDGET_H
#define QMP_RUN_BUDGET_H

#include "boot.h"

/*
 * Compares a boot that succeeded with its budget. -1 with the boot's code and why set,
 * which names each budget that is exceeded, the value, and what is most of it.
 */
int budget_check(struct boot *boot);

#endif

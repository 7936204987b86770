/* SPDX-License-Identifier: GPL-3.0-only */
/* [run.budget]: what a boot may cost. */
#ifndef QMP_RUN_BUDGET_H
#define QMP_RUN_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#include "boot.h"

enum { BUDGETS_MAX = 3 };

/* What a boot took of one thing: milliseconds or bytes. */
struct budget {
	const char *name;
	int64_t is, limit; /* limit 0: there is none */
};

/* What it took, whether there is a budget or not. Returns how many. */
size_t budget_measure(const struct boot *boot, struct budget budgets[BUDGETS_MAX]);
/*
 * Compares a boot that succeeded with its budget. -1 with the boot's code and why set,
 * which names each budget that is exceeded, the value, and what is most of it.
 */
int budget_check(struct boot *boot);

#endif

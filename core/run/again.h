/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Everything made once more, elsewhere: in a store of its own, cold, by another user on
 * another machine with a CPU less, where all that may not matter is another (sandbox.h).
 * What was fetched is taken along: its digest is what it is.
 */
#ifndef MSMV_RUN_AGAIN_H
#define MSMV_RUN_AGAIN_H

#include <sched.h>

#include "run/runner.h"

struct again {
	struct context ctx; /* for run_open; borrows from the context of the run done */
	cpu_set_t cpus;     /* what this process may use otherwise */
	mode_t mask;
};

/* done: a run whose stages are CACHED or DONE. */
int again_begin(struct again *a, const struct run *done, struct err *err);
/* Removes what was made and gives this process back what it had. */
void again_end(struct again *a);

#endif

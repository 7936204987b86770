/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv run when it has nothing to do (store/null_run.h).
 *
 *	again_open(&a, args)        what is asked this time
 *	again_says_so(&a)           nothing changed: it said what the last run said
 *	...                         else a run, which notes what it looks at
 *	again_retire(&a)            once it is known that there is something to run
 *	again_keep(&a, &r, &ui)     for the next time, if it had nothing to do
 *	again_close(&a)
 */
#ifndef MSMV_CLI_NULL_RUN_H
#define MSMV_CLI_NULL_RUN_H

#include "cli/cmd.h"
#include "cli/ui.h"

struct again {
	char *store, *recipe; /* NULL: nothing is kept of such a run */
	struct str question;
};

void again_open(struct again *a, const struct args *args, const char *recipe);
bool again_says_so(const struct again *a);
/* What is asked makes sense, so that the answer is to be another one. */
void again_retire(const struct again *a);
void again_keep(const struct again *a, const struct run *r, const struct ui *ui);
void again_close(struct again *a);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The scratch folders that a stage in a sandbox has, and the one that it waits for. */
#ifndef MSMV_RUN_LOAN_H
#define MSMV_RUN_LOAN_H

#include "base/vec.h"
#include "store/scratch.h"

struct loan {
	char hex[SCRATCH_HEX + 1];
	int fd; /* holds it */
};

struct loans {
	const struct store *store; /* NULL: nothing can be lent */
	char *into;                /* what the stage sees of it; NULL too */
	bool in_place;             /* it sees all of them: they lie on another file system */
	VEC(struct loan) list;
	char *wanted;              /* the worker waits for this one; or NULL */
};

/* Makes the folder "DIR.scratch", if scratch folders can be moved there. */
int loans_open(struct loans *l, const struct store *s, const char *dir, struct err *err);
/* The worker's frame that asks: folder=HEX. */
void loan_ask(struct loans *l, const struct record *frame);
/* Lends what is wanted if it is free, and tells the worker, or tells it why not. */
void loan_try(struct loans *l, int wire);
/* When no process of the stage is left. */
void loans_close(struct loans *l);

#endif

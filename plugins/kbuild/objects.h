/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The folder of objects that outlives a run, so that a changed option compiles
 * only what it touches. What it gives must be what an empty folder would give.
 */
#ifndef KBUILD_OBJECTS_H
#define KBUILD_OBJECTS_H

#include <msmv/plugin.h>
#include <stdbool.h>

#include "../kernel/tree.h"

struct objects {
	char *folder; /* the scratch folder */
	char *obj;    /* make's O= */
	char *busy;   /* there while make runs */
	bool fresh;   /* nothing was in obj */
};

/* Finds the folder for this tree, compiler and date, and repairs it after an interruption. */
int objects_open(struct msmv_stage *s, const struct kernel_tree *tree, struct objects *o);
/* From here on the folder may hold half-made files. */
int objects_begin(struct msmv_stage *s, const struct objects *o);
/* make ended by itself, well or not: it has removed what it did not finish. */
int objects_end(struct msmv_stage *s, const struct objects *o);
void objects_release(struct objects *o);

#endif

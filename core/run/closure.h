/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a recipe's stages made, as one file that another store takes in: a tar of
 *
 *	msmv-export          "1\n", the format
 *	actions/KEY          the records of the stages' results
 *	blobs/DIGEST         the files that these name
 *
 * On the way in each file is compared with its name and each record with its key. That a
 * record's outputs are what its stage makes is the word of whoever exported it.
 */
#ifndef MSMV_RUN_CLOSURE_H
#define MSMV_RUN_CLOSURE_H

#include "run/runner.h"

struct closure_sum {
	size_t results, blobs;
	uint64_t bytes;
	size_t known; /* results that the store had */
};

/* Of a run that was planned; every selected stage must have its result. */
int closure_write(struct run *r, int fd, struct closure_sum *sum, struct err *err);
/* fd must be a file; nothing of it counts unless all of it is sound. */
int closure_read(struct store *s, int fd, struct closure_sum *sum, struct err *err);

#endif

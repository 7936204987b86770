/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage's inputs are read after it ran, and compared with the digests they are named
 * by: what a stage made from a file that the disk had spoilt, or changed itself, is worth
 * nothing. What this process has read is not read again until its identity changes.
 */
#ifndef MSMV_RUN_INPUTS_H
#define MSMV_RUN_INPUTS_H

#include <errno.h>

#include "run/job.h"

/* err's code when a stored file was damaged and is put aside: running again makes it. */
#define INPUTS_DAMAGED EUCLEAN

/* One stored file, by the same rule; it counts as read from then on. */
int stored_check(struct context *ctx, const char *digest, struct err *err);
/* Bytes that inputs_check would read. */
uint64_t inputs_unread(const struct context *ctx, const struct job *j);
int inputs_check(struct context *ctx, const struct job *j, struct err *err);
/*
 * For a child that checks: what the inputs are before it reads them, into seen; and that
 * these are as they should be, once it has said so.
 */
void inputs_note(const struct context *ctx, const struct job *j, struct record *seen);
void inputs_trust(struct context *ctx, const struct record *seen);
/* Of what was just hashed into the store. */
void outputs_trust(struct context *ctx, const struct job *j);

#endif

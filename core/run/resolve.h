/* SPDX-License-Identifier: GPL-3.0-only */
/* From a stage whose inputs are known to its key, and to what the store has for it. */
#ifndef MSMV_RUN_RESOLVE_H
#define MSMV_RUN_RESOLVE_H

#include "run/runner.h"

/* The jobs that make the stage's inputs, in their order; the caller frees. */
struct job **resolve_producers(const struct run *r, const struct job *j);
/*
 * Sets action, key, why and, if the store has a whole result, result and state
 * CACHED. 0 if an input is not known (state UNKNOWN), -1 with err, else 1.
 */
int resolve_job(struct run *r, struct job *j, struct err *err);
/* Is the record all that was written under this key? */
bool resolve_is_whole(const struct record *result, const char *key);

#endif

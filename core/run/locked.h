/* SPDX-License-Identifier: GPL-3.0-only */
/* What a known sum changes for a stage that fetches. */
#ifndef MSMV_RUN_LOCKED_H
#define MSMV_RUN_LOCKED_H

#include "run/runner.h"

/*
 * The key of a source changes when its sum becomes known. True if the stage's last
 * result has just that sum: then it is the result of the new key too, and is stored
 * as such.
 */
bool locked_adopt(struct run *r, struct job *j);
/* Adds to a failed job's message that its source is not what the lock has. */
void locked_explain(struct job *j);

#endif

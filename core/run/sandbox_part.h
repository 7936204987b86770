/* SPDX-License-Identifier: GPL-3.0-only */
/* What sandbox.c and sandbox_prove.c share; see sandbox.h. */
#ifndef MSMV_RUN_SANDBOX_PART_H
#define MSMV_RUN_SANDBOX_PART_H

#include "run/sandbox.h"

/* bubblewrap's arguments for what every stage sees. */
void sandbox_begin(const struct context *ctx, struct words *w);
/* "-- PROGRAM VERB"; further words may follow. */
void sandbox_end(struct words *w, const char *program, const char *verb);

#endif

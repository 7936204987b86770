/* SPDX-License-Identifier: GPL-3.0-only */
/* What a stage's plugin says of this machine, asked once and kept while it holds. */
#ifndef MSMV_RUN_FACTS_H
#define MSMV_RUN_FACTS_H

#include "graph/stage.h"
#include "run/context.h"
#include "run/problem.h"

/*
 * Runs check() and facts() in a worker, unless the answer of an earlier time still
 * holds. Facts are added to out as FIELD=VALUE. The error is the plugin's own; what it
 * says of the recipe's options is added to problems.
 */
int facts_get(struct context *ctx, const struct stage *s, struct record *out,
	struct problems *problems, struct err *err);

#endif

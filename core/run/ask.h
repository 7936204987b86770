/* SPDX-License-Identifier: GPL-3.0-only */
/* From a stage to the request that a worker gets. */
#ifndef MSMV_RUN_ASK_H
#define MSMV_RUN_ASK_H

#include "graph/stage.h"
#include "run/context.h"
#include "wire/request.h"

/* Fills q but for workdir, inputs and outputs. */
void request_for(const struct context *ctx, const struct stage *s, const char *mode,
	struct request *q);

#endif

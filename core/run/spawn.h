/* SPDX-License-Identifier: GPL-3.0-only */
/* Starting a worker: its own process group, a fixed environment, one socket. */
#ifndef MSMV_RUN_SPAWN_H
#define MSMV_RUN_SPAWN_H

#include <sys/types.h>

#include "run/context.h"
#include "wire/request.h"

struct worker_proc {
	pid_t pid; /* also its process group */
	int wire;
};

/*
 * Starts a worker and sends it the request. Its output goes to log_fd. tokens: the
 * jobserver's two ends, or NULL.
 */
int worker_spawn(const struct context *ctx, const struct request *q, int log_fd,
	const int *tokens, struct worker_proc *p, struct err *err);

#endif

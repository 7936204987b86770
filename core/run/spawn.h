/* SPDX-License-Identifier: GPL-3.0-only */
/* Starting a worker: its own session, a fixed environment, one socket. */
#ifndef MSMV_RUN_SPAWN_H
#define MSMV_RUN_SPAWN_H

#include <sys/types.h>

#include "run/context.h"
#include "wire/request.h"

struct worker_proc {
	pid_t pid; /* also its process group; bubblewrap's where there is a sandbox */
	int wire;
};

/*
 * Starts a worker and sends it the request. Its output goes to log_fd. inside: the command
 * that starts it in a sandbox, or NULL. tokens: the jobserver's two ends, or NULL.
 */
int worker_spawn(const struct context *ctx, const struct request *q, char *const *inside,
	int log_fd, const int *tokens, struct worker_proc *p, struct err *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* What the loop calls when something happened: in runner.c and run_end.c. */
#ifndef MSMV_RUN_LOOP_H
#define MSMV_RUN_LOOP_H

#include <sys/resource.h>

#include "run/runner.h"

/* Starts what is ready, as long as there are jobs. */
void run_start_ready(struct run *r);
/* Gives names to the results of those that ended. True: some are done with already. */
bool run_publish(struct run *r);
/* A worker or a publisher of this run ended. */
void run_child_ended(struct run *r, pid_t pid, int status, const struct rusage *ru);
/* A job that is DONE, FAILED or CANCELLED counts as that from here on. */
void run_settle(struct run *r, struct job *j);
/* arg is the run: hands a worker's frame to the observer. */
void run_forward_frame(void *arg, struct job *j, const struct record *frame);

#endif

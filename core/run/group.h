/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Stages whose results are published together: while a child waits for the disk with some,
 * the next ones gather. No stage is done before its result is on the disk; none that
 * another one needs waits for company, and no other one for longer than some milliseconds.
 */
#ifndef MSMV_RUN_GROUP_H
#define MSMV_RUN_GROUP_H

#include <sys/types.h>

#include "run/job.h"

typedef VEC(struct job *) group_jobs;

struct group {
	group_jobs waiting; /* for the next child */
	group_jobs with;    /* the child */
	int64_t due_ms;     /* when the next child is to start; 0: at once */
	pid_t child;        /* 0: none */
	int fd;             /* what it says in the end */
};

#define GROUP_INIT { VEC_INIT, VEC_INIT, 0, 0, -1 }

/* The job's batch has all that its result is. */
void group_add(struct group *g, struct job *j);
/* So many wait that it is better to start no further stage. */
bool group_is_full(const struct group *g);
/* When group_start has something to do; INT64_MAX: not before a child ends or a stage does. */
int64_t group_wake_ms(const struct group *g);
/*
 * Starts a child if there is none and some wait and are due, or nothing else runs (alone).
 * Where no child can be had, out has those that are done.
 */
void group_start(struct context *ctx, struct group *g, bool alone, group_jobs *out);
/* The child ended: its jobs are DONE or FAILED, and in out. */
void group_end(struct context *ctx, struct group *g, int status, group_jobs *out);
void group_release(struct group *g);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * GNU make's jobserver, one for all stages: a pipe with a byte for each job that
 * may run besides the first. Every running stage owns one job; its make takes
 * further ones from the pipe, so all stages together never exceed -j.
 */
#ifndef MSMV_RUN_JOBSERVER_H
#define MSMV_RUN_JOBSERVER_H

#include <stdbool.h>

#include "base/err.h"

struct jobserver {
	int fds[2]; /* what workers inherit */
	int mine;   /* our own non-blocking reading end */
	int jobs;
	int running; /* stages */
};

int jobserver_open(struct jobserver *j, int jobs, struct err *err);
/* A job for one more stage; false if all are taken: poll j->mine. */
bool jobserver_take(struct jobserver *j);
/* A stage ended. Once none runs, jobs that died with a stage are made good. */
void jobserver_give(struct jobserver *j);
void jobserver_close(struct jobserver *j);

#endif

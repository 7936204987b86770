/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a stage may take of the machine, from msmv.conf: [limits] for all of them,
 * [limits.STAGE] for one. Time is a deadline. Memory and processes are counted over the
 * stage, twice a second, and besides are limits of each process that the kernel holds it
 * to; disk is what lies in its work folder and outputs.
 */
#ifndef MSMV_RUN_LIMITS_H
#define MSMV_RUN_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/record.h"
#include "graph/stage.h"

struct limits {
	int64_t time;      /* seconds; 0 here and below: none */
	int64_t memory;    /* bytes */
	int64_t processes;
	int64_t disk;      /* bytes */
};

/* given: "memory" or "STAGE memory" = decimal, as conf.c leaves them; may be NULL. */
void limits_for(const struct record *given, const struct stage *s, struct limits *out);
/* Is there anything to watch while it runs? */
bool limits_watch(const struct limits *l);
/*
 * What is over its limit, as a sentence's end ("1.2 GB of memory, and may use 1.0 GB");
 * NULL: nothing. pid: the session and, in a sandbox, the way to its pid namespace; dir: the
 * stage's temporary folder. The caller frees.
 */
char *limits_exceeded(const struct limits *l, pid_t pid, const char *dir);

#endif

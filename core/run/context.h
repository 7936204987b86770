/* SPDX-License-Identifier: GPL-3.0-only */
/* What a run of msmv works with, gathered once by the command line. */
#ifndef MSMV_RUN_CONTEXT_H
#define MSMV_RUN_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "store/store.h"

struct context {
	struct store store;
	char *worker;    /* program files */
	char *unpacker;
	int jobs;        /* processes at a time, over all stages */
	int timeout_s;   /* longest time for one stage; 0: none */
	bool timeout_given; /* by a person for this run: it counts more than [limits] */
	const struct record *limits; /* see limits.h; NULL: none; not owned */
	bool offline;    /* no stage may use the network */
	bool sandbox;    /* a stage can reach what is its own, and nothing else */
	bool elsewhere;  /* all that may not matter is another: see sandbox.h */
	bool proven;     /* the sandbox held when it was tried */
	char *preload;   /* msmv-elsewhere.so, for elsewhere */
	char *bwrap;     /* program file; NULL: not installed */
	VEC(char *) see; /* paths besides the toolchain that every stage may read */
	struct map trusted; /* digest -> identity of a blob that was read; see inputs.h */
	int64_t epoch;   /* of every timestamp in an artifact, seconds since 1970 */
};

/* What every worker and tool sees as PATH: the system's, not the person's. */
#define STAGE_PATH "/usr/bin:/bin:/usr/sbin:/sbin"
/* 1980-01-01: the first second that every archive format can hold. */
#define DEFAULT_EPOCH 315532800

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Plans and runs a pipeline. What is shown to a person is the observer's business.
 *
 *	run_open(&r, ctx, pipeline, &opt, &err)   jobs have problems if it fails for them
 *	run_plan(&r)        states CACHED or UNKNOWN or IDLE (would run), with why
 *	run_execute(&r)     or runs it: RUN_OK, RUN_FAILED, RUN_INTERRUPTED
 *	run_close(&r)
 */
#ifndef MSMV_RUN_RUNNER_H
#define MSMV_RUN_RUNNER_H

#include "graph/graph.h"
#include "run/group.h"
#include "run/job.h"
#include "run/jobserver.h"
#include "run/state.h"

enum run_result { RUN_OK = 0, RUN_FAILED = 1, RUN_INTERRUPTED = 130 };

/* All members may be NULL. */
struct observer {
	void *arg;
	void (*started)(void *arg, const struct job *j);
	/* Another process makes its result, and it is waited for. */
	void (*waiting)(void *arg, const struct job *j);
	/* It cannot be known whether another process makes it, for that reason. */
	void (*unclaimed)(void *arg, const struct job *j, const char *why);
	void (*frame)(void *arg, const struct job *j, const struct record *frame);
	/* CACHED, DONE, FAILED or CANCELLED. */
	void (*finished)(void *arg, const struct job *j);
	/* Every tick_ms while something runs; 0: never. */
	void (*tick)(void *arg);
	int tick_ms;
	void (*interrupted)(void *arg);
};

struct run_options {
	const char *const *until; /* stages; NULL-terminated; or NULL */
	const char *const *only;  /* stages that run alone; like until */
	const char *const *fresh; /* stages that run even if they did; like until */
	bool keep_going;          /* what does not need a stage that failed still runs */
	struct observer observer;
};

struct run {
	struct context *ctx;
	const struct pipeline *pipeline;
	struct run_options opt;
	struct graph graph;
	struct state state;
	struct job *jobs; /* one a node, in the graph's order */
	struct jobserver tokens;
	bool tokens_open;
	struct graph_node *held; /* ready, but every job is taken, or: */
	bool held_back;          /* the machine waits for memory */
	size_t running, waiting;
	struct group group;      /* of those that are published together */
	int signals;             /* signalfd */
	bool failed, interrupted;
	bool damaged; /* stored files were, and are put aside: another run makes them again */
	int64_t kill_at_ms;      /* 0: not stopping */
};

int run_open(struct run *r, struct context *ctx, const struct pipeline *p,
	const struct run_options *opt, struct err *err);
void run_plan(struct run *r);
enum run_result run_execute(struct run *r);
void run_close(struct run *r);
/* The longest chain of stages that ran, by their durations. */
int64_t run_critical_path_ms(const struct run *r);
/* NULL if there is no such stage or it is not selected. */
struct job *run_job(const struct run *r, const char *stage);

#endif

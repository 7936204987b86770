/* SPDX-License-Identifier: GPL-3.0-only */
/* One stage in one run: from its action to its published result. */
#ifndef MSMV_RUN_JOB_H
#define MSMV_RUN_JOB_H

#include <stdbool.h>
#include <sys/types.h>

#include "graph/graph.h"
#include "run/context.h"
#include "run/limits.h"
#include "run/loan.h"
#include "run/problem.h"
#include "run/spawn.h"
#include "wire/wire.h"

enum job_state {
	JOB_IDLE,
	JOB_WAITING,    /* another process makes its result */
	JOB_RUNNING,    /* its worker lives */
	JOB_PUBLISHING, /* a child hashes and stores the outputs */
	JOB_CACHED,     /* an earlier result holds */
	JOB_DONE,
	JOB_FAILED,
	JOB_CANCELLED, /* something it needs failed, or the person stopped the run */
	JOB_UNKNOWN    /* planning: its inputs are not known yet */
};

struct job {
	const struct pipeline *pipeline;
	const struct stage *stage;
	struct graph_node *node;
	enum job_state state;
	struct record facts, action;
	char key[SHA256_HEX]; /* "" until inputs are known */
	struct record result; /* as in the store, once CACHED or DONE */
	char *why;            /* why it runs, for a person */
	char *message;        /* why it failed */
	int fail_code;        /* enum msmv_fail, 0 when the engine says so */
	struct problems problems; /* what its plugin says is wrong in the recipe */
	char *note;           /* one line about the result */
	char *log_path;       /* where it is when the stage has ended */
	int claim;            /* while it makes its result; else -1 */

	/* While it runs. */
	struct worker_proc proc;
	struct wire_reader in;
	char *dir; /* temporary: work/ and out.PORT */
	struct loans loans; /* scratch folders that it has */
	int log_fd;     /* what is written to, kept until all is stored; else -1 */
	char *live_log; /* a path to it, whatever its name is now */
	char *own_log;  /* its name, if another process has the recipe's log; else NULL */
	bool answered, answered_ok, broken, timed_out, killed;
	bool damaged; /* an input was, and is put aside: another run makes it again */
	struct record names; /* output port -> file name */
	int64_t started_ms, ended_ms;
	int64_t deadline_ms; /* 0: none */
	struct limits limits;
	int64_t watch_ms;    /* when to look at what it takes; 0: never */
	char *over;          /* what was over its limit, so that it was stopped */
	long peak_kb;
	struct batch batch;   /* what its result is, while it is published */
	pid_t publisher;      /* of its own; else 0 */
	int publish_fd;
	struct str published; /* what the publisher said so far */
	struct record reading; /* the inputs that it reads, as they were before */
};

/* An output's digest and so on, from job->result; NULL if it was not made. */
const char *job_output(const struct job *j, const char *port, const char *what);

/* The i-th input's name in the output folder, if its port asks for it, else NULL. */
const char *job_input_file(const struct job *j, size_t i, const struct job *producer);

/* Computes action and key from the digests of the producers' results; see runner. */
int job_start(struct context *ctx, struct job *j, struct job *const *producers,
	const int *tokens, struct err *err);
/* Reads the worker's frames; calls back for each. False at the end. */
bool job_read(struct job *j, void (*frame)(void *arg, struct job *j, const struct record *r),
	void *arg);
/* After the worker ended: the verdict. True if outputs are to be published. */
bool job_judge(struct context *ctx, struct job *j, int status);
/*
 * Starts publishing: false if there is little to read, and its batch is all that is left to
 * be published, unless state is FAILED.
 */
bool job_publish(struct context *ctx, struct job *j);
/* The publisher wrote, or ended (false). */
bool job_publish_read(struct job *j);
void job_publish_end(struct context *ctx, struct job *j, int status);
/* Says it in a person's words if err is that the store's disk is full. */
void job_explain_full(const struct context *ctx, struct err *err);
void job_fail(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Removes the recipe's log of the stage, unless a process writes to it. */
void job_forget_log(const struct job *j);
void job_clean(struct job *j);
void job_release(struct job *j);

int64_t clock_ms(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* What becomes of a stage: it is claimed, starts, and counts or not in the end. */
#include "run/runner.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/inputs.h"
#include "run/locked.h"
#include "run/loop.h"
#include "run/pressure.h"
#include "run/resolve.h"
#include "store/claim.h"

struct job *
run_job(const struct run *r, const char *stage)
{
	struct graph_node *n = graph_find(&r->graph, stage);

	return n && n->selected ? n->data : NULL;
}

static void
finished(struct run *r, struct job *j)
{
	if (r->opt.observer.finished)
		r->opt.observer.finished(r->opt.observer.arg, j);
}

/* ---- What became of a stage ------------------------------------------ */

static void
succeed(struct run *r, struct job *j)
{
	if (j->state == JOB_CACHED) {
		job_forget_log(j);
		store_touch_result(&r->ctx->store, j->key, 0);
	}
	state_set(&r->state, j->stage->name, j->key,
		j->state == JOB_DONE ? j->ended_ms - j->started_ms : -1);
	if (j->state == JOB_DONE && j->why)
		state_set_why(&r->state, j->stage->name, j->why);
	finished(r, j);
	graph_done(&r->graph, j->node);
}

static void
give_up(struct run *r, struct job *j)
{
	graph_nodes cancelled = VEC_INIT;

	locked_explain(j);
	r->failed = true;
	r->damaged |= j->damaged;
	finished(r, j);
	graph_fail(&r->graph, j->node, &cancelled);
	for (size_t i = 0; i < cancelled.len; i++) {
		struct job *c = cancelled.v[i]->data;

		c->state = JOB_CANCELLED;
		c->message = xasprintf("needs %s", j->stage->name);
		finished(r, c);
	}
	vec_release(&cancelled);
}

void
run_settle(struct run *r, struct job *j)
{
	if (j->state == JOB_PUBLISHING)
		return;
	job_clean(j);
	claim_give(j->key, take_fd(j->claim));
	r->running--;
	if (j->state == JOB_DONE)
		succeed(r, j);
	else
		give_up(r, j);
}

/* ---- Starting -------------------------------------------------------- */

static void
start(struct run *r, struct job *j)
{
	struct job **producers = resolve_producers(r, j);
	struct err err = ERR_INIT;

	r->running++;
	if (job_start(r->ctx, j, producers, r->tokens.fds, &err) < 0) {
		jobserver_give(&r->tokens);
		job_explain_full(r->ctx, &err);
		job_fail(j, "%s", err_msg(&err));
		run_settle(r, j);
	} else if (r->opt.observer.started) {
		r->opt.observer.started(r->opt.observer.arg, j);
	}
	err_clear(&err);
	free(producers);
}

/* Whoever makes it first makes it for all. False: another process does. */
static bool
claim(struct run *r, struct job *j)
{
	cleanup_err struct err err = ERR_INIT;

	j->claim = claim_take(&r->ctx->store, j->key, &err);
	/* A store without locks is no reason to stop. */
	if (err.msg && r->opt.observer.unclaimed)
		r->opt.observer.unclaimed(r->opt.observer.arg, j, err_msg(&err));
	return j->claim >= 0 || err.msg;
}

static void
wait_for_other(struct run *r, struct job *j)
{
	j->state = JOB_WAITING;
	r->waiting++;
	if (r->opt.observer.waiting)
		r->opt.observer.waiting(r->opt.observer.arg, j);
}

/* A ready stage: cached, impossible, or to be run. True if it needs a job. */
static bool
needs_job(struct run *r, struct job *j)
{
	struct err err = ERR_INIT;
	int got = resolve_job(r, j, &err);

	if (got == 1 && j->state == JOB_CACHED) {
		succeed(r, j);
	} else if (got == 1) {
		return true;
	} else {
		job_fail(j, "%s", got < 0 ? err_msg(&err)
			: "an input of it was never made: run without --only first");
		give_up(r, j);
	}
	err_clear(&err);
	return false;
}

/* A claim is taken before the store is looked at once more: it may be there by now. */
static bool
needs_us(struct run *r, struct job *j)
{
	if (!needs_job(r, j))
		return false;
	if (!claim(r, j)) {
		wait_for_other(r, j);
		return false;
	}
	if (needs_job(r, j))
		return true;
	claim_give(j->key, take_fd(j->claim));
	return false;
}

/* One that waited and whose other has ended, or NULL. */
static struct graph_node *
next_claimed(struct run *r)
{
	for (size_t i = 0; r->waiting && i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state != JOB_WAITING || !claim(r, j))
			continue;
		claim_give(j->key, take_fd(j->claim));
		j->state = JOB_IDLE;
		r->waiting--;
		return j->node;
	}
	return NULL;
}

static struct graph_node *
next_ready(struct run *r)
{
	struct graph_node *n = r->held ? r->held : graph_next_ready(&r->graph);

	return n ? n : next_claimed(r);
}

static bool
stops(const struct run *r)
{
	return r->failed && !r->opt.keep_going;
}

/*
 * One stage always runs; more of them only while there is memory for their compilers. That
 * is not asked where no more could run anyway.
 */
static bool
must_hold_back(struct run *r)
{
	r->held_back = r->running && r->tokens.running < r->tokens.jobs &&
		pressure_is_high(PRESSURE_FILE);
	return r->held_back;
}

/* After a failure nothing new starts; cached stages cost nothing and are still shown. */
void
run_start_ready(struct run *r)
{
	while (!r->interrupted && !group_is_full(&r->group)) {
		struct graph_node *n = next_ready(r);
		struct job *j = n ? n->data : NULL;

		if (!n || (!r->held && !needs_us(r, j))) {
			if (!n)
				return;
			continue;
		}
		r->held = n;
		if (stops(r) || must_hold_back(r) || !jobserver_take(&r->tokens))
			return;
		r->held = NULL;
		start(r, j);
	}
}

void
run_plan(struct run *r)
{
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = r->graph.topo[i]->data;
		struct err err = ERR_INIT;

		if (j->node->selected && resolve_job(r, j, &err) < 0)
			job_fail(j, "%s", err_msg(&err));
		err_clear(&err);
	}
}

int64_t
run_critical_path_ms(const struct run *r)
{
	int64_t *chain = xcalloc(r->graph.len, sizeof(*chain)), longest = 0;

	for (size_t i = 0; i < r->graph.len; i++) {
		const struct graph_node *n = r->graph.topo[i];
		const struct job *j = n->data;
		int64_t *mine = &chain[n - r->graph.nodes];

		for (size_t k = 0; k < n->deps.len; k++) {
			int64_t before = chain[n->deps.v[k] - r->graph.nodes];

			if (before > *mine)
				*mine = before;
		}
		if (j->state == JOB_DONE)
			*mine += j->ended_ms - j->started_ms;
		if (*mine > longest)
			longest = *mine;
	}
	free(chain);
	return longest;
}

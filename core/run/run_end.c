/* SPDX-License-Identifier: GPL-3.0-only */
/* From a worker's last word to its published result: what the loop saw end. */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "run/inputs.h"
#include "run/loop.h"

void
run_forward_frame(void *arg, struct job *j, const struct record *frame)
{
	struct run *r = arg;

	if (r->opt.observer.frame)
		r->opt.observer.frame(r->opt.observer.arg, j, frame);
}

/* A stage that fails over a damaged input says everything but that. */
static void
blame_inputs(struct run *r, struct job *j)
{
	cleanup_err struct err err = ERR_INIT;

	if (inputs_check(r->ctx, j, &err) == 0 || err.code != INPUTS_DAMAGED)
		return;
	free(j->message);
	j->message = xasprintf("of its inputs: %s", err_msg(&err));
	j->damaged = true;
}

static void
worker_ended(struct run *r, struct job *j, int status, const struct rusage *ru)
{
	while (job_read(j, run_forward_frame, r))
		;
	kill(-j->proc.pid, SIGKILL); /* whatever it left behind in its group */
	j->proc.pid = 0;
	loans_close(&j->loans); /* another stage may wait for one */
	jobserver_give(&r->tokens);
	if (ru->ru_maxrss > j->peak_kb)
		j->peak_kb = ru->ru_maxrss;
	if (job_judge(r->ctx, j, status) && !job_publish(r->ctx, j) && j->state != JOB_FAILED)
		group_add(&r->group, j);
	else if (j->state == JOB_FAILED)
		blame_inputs(r, j);
	run_settle(r, j);
}

static void
settle_all(struct run *r, group_jobs *jobs)
{
	for (size_t i = 0; i < jobs->len; i++)
		run_settle(r, jobs->v[i]);
	vec_release(jobs);
}

bool
run_publish(struct run *r)
{
	group_jobs done = VEC_INIT;
	bool some;

	group_start(r->ctx, &r->group, r->running == r->group.waiting.len, &done);
	some = done.len > 0;
	settle_all(r, &done);
	return some;
}

static void
group_ended(struct run *r, int status)
{
	group_jobs done = VEC_INIT;

	group_end(r->ctx, &r->group, status, &done);
	settle_all(r, &done);
}

void
run_child_ended(struct run *r, pid_t pid, int status, const struct rusage *ru)
{
	if (r->group.child == pid) {
		group_ended(r, status);
		return;
	}
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state == JOB_RUNNING && j->proc.pid == pid) {
			worker_ended(r, j, status, ru);
			return;
		}
		if (j->state == JOB_PUBLISHING && j->publisher == pid) {
			job_publish_end(r->ctx, j, status);
			run_settle(r, j);
			return;
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* One poll loop over workers, publishers, signals and free jobs; nothing blocks in it. */
#include "run/loop.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	GRACE_MS = 700,  /* between SIGTERM and SIGKILL after Ctrl-C */
	WATCH_MS = 500,  /* between two looks at what a stage with limits takes */
	CLAIM_MS = 100,  /* between two looks whether another process has ended */
	PRESSURE_MS = 1000, /* and whether the machine has memory again */
};

static void
reap(struct run *r)
{
	struct rusage ru;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &ru)) > 0)
		run_child_ended(r, pid, status, &ru);
}

static void
signal_all(struct run *r, int sig)
{
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state != JOB_RUNNING)
			continue;
		j->killed = true;
		kill(-j->proc.pid, sig);
	}
}

/* The first Ctrl-C asks, the second does not. */
static void
interrupt(struct run *r)
{
	signal_all(r, r->interrupted ? SIGKILL : SIGTERM);
	if (!r->interrupted && r->opt.observer.interrupted)
		r->opt.observer.interrupted(r->opt.observer.arg);
	r->interrupted = true;
	r->kill_at_ms = clock_ms() + GRACE_MS;
}

static void
take_signal(struct run *r)
{
	struct signalfd_siginfo si;

	while (read(r->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			reap(r);
		else
			interrupt(r);
	}
}

static void
check_deadlines(struct run *r)
{
	int64_t now = clock_ms();

	if (r->kill_at_ms && now >= r->kill_at_ms) {
		signal_all(r, SIGKILL);
		r->kill_at_ms = 0;
	}
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state != JOB_RUNNING || !j->deadline_ms || now < j->deadline_ms)
			continue;
		j->timed_out = j->killed = true;
		kill(-j->proc.pid, SIGKILL);
	}
}

/* Twice a second: to look costs a few milliseconds. */
static void
check_limits(struct run *r)
{
	int64_t now = clock_ms();

	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state != JOB_RUNNING || !j->watch_ms || now < j->watch_ms || j->killed)
			continue;
		j->watch_ms = now + WATCH_MS;
		j->over = limits_exceeded(&j->limits, j->proc.pid, j->dir);
		if (!j->over)
			continue;
		j->killed = true;
		kill(-j->proc.pid, SIGKILL);
	}
}

/* Does a stage wait for a scratch folder that another one has? */
static bool
lends(const struct run *r)
{
	for (size_t i = 0; i < r->graph.len; i++)
		if (r->jobs[i].state == JOB_RUNNING && r->jobs[i].loans.wanted)
			return true;
	return false;
}

static void
lend(struct run *r)
{
	for (size_t i = 0; i < r->graph.len; i++)
		if (r->jobs[i].state == JOB_RUNNING)
			loan_try(&r->jobs[i].loans, r->jobs[i].proc.wire);
}

static int
next_wake(const struct run *r)
{
	int64_t now = clock_ms(), at = group_wake_ms(&r->group);

	if (r->opt.observer.tick && r->opt.observer.tick_ms && now + r->opt.observer.tick_ms < at)
		at = now + r->opt.observer.tick_ms;
	if (r->kill_at_ms && r->kill_at_ms < at)
		at = r->kill_at_ms;
	for (size_t i = 0; i < r->graph.len; i++) {
		const struct job *j = &r->jobs[i];

		if (j->state == JOB_RUNNING && j->deadline_ms && j->deadline_ms < at)
			at = j->deadline_ms;
		if (j->state == JOB_RUNNING && j->watch_ms && j->watch_ms < at)
			at = j->watch_ms;
	}
	if ((r->waiting || lends(r)) && now + CLAIM_MS < at)
		at = now + CLAIM_MS;
	if (r->held_back && now + PRESSURE_MS < at)
		at = now + PRESSURE_MS;
	if (at == INT64_MAX)
		return -1;
	return at <= now ? 0 : at - now > 60000 ? 60000 : (int)(at - now);
}

struct polled {
	VEC(struct pollfd) fds;
	VEC(struct job *) jobs; /* same order; NULL for the others */
};

static void
watch(struct polled *p, int fd, struct job *j)
{
	struct pollfd one = { fd, POLLIN, 0 };

	vec_push(&p->fds, one);
	vec_push(&p->jobs, j);
}

static void
poll_once(struct run *r)
{
	struct polled p = { VEC_INIT, VEC_INIT };

	watch(&p, r->signals, NULL);
	if (r->held && !r->held_back && (!r->failed || r->opt.keep_going))
		watch(&p, r->tokens.mine, NULL);
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		if (j->state == JOB_RUNNING && j->proc.wire >= 0)
			watch(&p, j->proc.wire, j);
		else if (j->state == JOB_PUBLISHING)
			watch(&p, j->publish_fd, j);
	}
	if (poll(p.fds.v, p.fds.len, next_wake(r)) > 0) {
		for (size_t i = 0; i < p.fds.len; i++) {
			struct job *j = p.jobs.v[i];

			if (!p.fds.v[i].revents || !j)
				continue;
			if (j->state == JOB_PUBLISHING) {
				job_publish_read(j);
			} else if (!job_read(j, run_forward_frame, r)) {
				close(j->proc.wire);
				j->proc.wire = -1;
			}
		}
		take_signal(r);
	}
	lend(r);
	vec_release(&p.fds);
	vec_release(&p.jobs);
}

static int
block_signals(struct run *r, sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, old);
	r->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return r->signals < 0 ? -1 : 0;
}

static void
loop(struct run *r)
{
	for (;;) {
		run_start_ready(r);
		if (run_publish(r))
			continue;
		if (!r->running && (!r->waiting || r->interrupted ||
			(r->failed && !r->opt.keep_going)))
			return;
		poll_once(r);
		check_deadlines(r);
		check_limits(r);
		if (r->opt.observer.tick)
			r->opt.observer.tick(r->opt.observer.arg);
	}
}

enum run_result
run_execute(struct run *r)
{
	struct err err = ERR_INIT;
	sigset_t old;

	if (block_signals(r, &old) < 0 || jobserver_open(&r->tokens, r->ctx->jobs, &err) < 0) {
		err_clear(&err);
		return RUN_FAILED;
	}
	for (size_t i = 0; i < r->graph.len; i++) {
		int64_t ms = state_ms(&r->state, r->jobs[i].stage->name);

		r->graph.nodes[i].weight = ms > 0 ? (uint64_t)ms : 1;
	}
	graph_start(&r->graph);
	loop(r);
	take_signal(r); /* a Ctrl-C that came last counts too */
	state_save(&r->state, NULL);
	jobserver_close(&r->tokens);
	close(r->signals);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r->interrupted ? RUN_INTERRUPTED : r->failed ? RUN_FAILED : RUN_OK;
}

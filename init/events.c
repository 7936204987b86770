/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One loop, one wait: sigtimedwait sleeps until a child ends, a signal comes
 * or something is due, and needs no kernel option (signalfd and timerfd are
 * optional, and the smallest kernels leave them out).
 *
 *   RUN ──signal, an application ended──▶ STOP: stop signal to each application
 *   STOP ──applications ended, or the grace time is over──▶ TERM: SIGTERM to all
 *   TERM ──nobody left, or TERM_MS are over──▶ KILL: SIGKILL to all
 *   KILL ──nobody left, or KILL_MS are over──▶ the machine ends
 */
#include "events.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "config.h"
#include "console.h"
#include "halt.h"
#include "record.h"

#define TERM_MS 1000
#define KILL_MS 2000 /* a process stuck in the kernel does not die */

/* An application that ends sooner than this is restarted later each time. */
#define QUICK_US 10000000
#define RESTART_FIRST_US 100000
#define RESTART_DOUBLINGS 7 /* 0.1 s ... 12.8 s */

enum phase { RUN, STOP, TERM, KILL };

static enum phase phase;
static uint64_t deadline_us; /* of the phase; 0 in RUN */
static enum halt_action action;
static const char *reason;
static int code;

static const struct {
	int signal;
	enum halt_action action;
} ends[] = {
	{SIGTERM, HALT_AUTO}, {SIGPWR, HALT_AUTO}, {SIGUSR1, HALT_STOP},
	{SIGUSR2, HALT_POWEROFF}, {SIGINT, HALT_REBOOT}, /* Ctrl-Alt-Del */
};

static uint64_t
now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static void
wait_set(sigset_t *set)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

	sigfillset(set);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(set, faults[i]);
}

void
events_block(void)
{
	sigset_t set;

	wait_set(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

static void
phase_enter(enum phase next, unsigned ms)
{
	phase = next;
	deadline_us = now_us() + (uint64_t)ms * 1000;
}

/* The first reason counts; a later one cannot undo an end that has begun. */
static int
end_begin(const struct config *c, enum halt_action how, const char *why, int with)
{
	if (phase != RUN)
		return 0;
	/* The configuration decides where the reason leaves it open. */
	action = how == HALT_AUTO ? (enum halt_action)c->halt : how;
	reason = why;
	code = with;
	phase_enter(STOP, c->grace_ms);
	return 1;
}

static void
apps_stop(struct config *c)
{
	for (unsigned i = 0; i < c->app_count; i++) {
		struct app *app = &c->apps[i];

		app->restart_us = 0;
		if (app->pid == 0)
			continue;
		kill(app->pid, (int)app->stop_signal);
		kill(app->pid, SIGCONT);
	}
}

static void
end(struct config *c, enum halt_action how, const char *why, int with)
{
	if (end_begin(c, how, why, with))
		apps_stop(c);
}

static void
restart_later(struct app *app)
{
	uint64_t now = now_us(), delay = RESTART_FIRST_US;

	if (now - app->started_us >= QUICK_US)
		app->quick_ends = 0;
	delay <<= app->quick_ends;
	if (app->quick_ends < RESTART_DOUBLINGS)
		app->quick_ends++;
	app->restart_us = now + delay;
}

static void
app_ended(struct config *c, struct app *app, int with, int signal)
{
	unsigned then = phase == RUN ? app->on_exit : THEN_NONE;

	app->pid = 0;
	record_exit(app->name, with, signal, then_names[then]);
	if (then == THEN_POWEROFF)
		end(c, HALT_AUTO, "exit", with);
	else if (then == THEN_REBOOT)
		end(c, HALT_REBOOT, "exit", with);
	else if (then == THEN_RESTART)
		restart_later(app);
}

static int
app_try(struct config *c, struct app *app)
{
	app->restart_us = 0;
	if (app_start(app) == 0)
		return 0;
	app_ended(c, app, 127, 0);
	return -1;
}

/* Takes every child that has ended. Returns 0 when there is none left at all. */
static int
reap(struct config *c)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

		for (unsigned i = 0; i < c->app_count; i++)
			if (c->apps[i].pid == pid)
				app_ended(c, &c->apps[i],
					signal ? 128 + signal : WEXITSTATUS(status),
					signal);
	}
	return pid == 0 || errno != ECHILD;
}

static void
apps_restart(struct config *c)
{
	for (unsigned i = 0; i < c->app_count; i++) {
		struct app *app = &c->apps[i];

		if (phase == RUN && app->restart_us != 0 && app->restart_us <= now_us())
			app_try(c, app);
	}
}

static int
apps_running(const struct config *c)
{
	for (unsigned i = 0; i < c->app_count; i++)
		if (c->apps[i].pid != 0)
			return 1;
	return 0;
}

/* Goes to the next phase when this one is over; ends the machine after the last. */
static void
advance(struct config *c, int anybody)
{
	int late = phase != RUN && now_us() >= deadline_us;

	if (phase == STOP && (late || !apps_running(c))) {
		if (late)
			log_msg(LOG_WARN, "an application did not stop in %u ms",
				c->grace_ms);
		kill(-1, SIGTERM);
		kill(-1, SIGCONT);
		phase_enter(TERM, TERM_MS);
		late = 0;
	}
	if (phase == TERM && (late || !anybody)) {
		kill(-1, SIGKILL);
		phase_enter(KILL, KILL_MS);
		late = 0;
	}
	if (phase == KILL && (late || !anybody))
		halt_machine(action, reason, code);
}

/* How long may be slept; NULL: until a signal comes. */
static const struct timespec *
time_left(const struct config *c, struct timespec *left)
{
	uint64_t due = deadline_us, now = now_us();

	for (unsigned i = 0; i < c->app_count; i++) {
		uint64_t at = c->apps[i].restart_us;

		if (at != 0 && (due == 0 || at < due))
			due = at;
	}
	if (due == 0)
		return NULL;
	due = due > now ? due - now : 0;
	left->tv_sec = (time_t)(due / 1000000);
	left->tv_nsec = (long)(due % 1000000) * 1000;
	return left;
}

static void
signal_came(struct config *c, int signal)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].signal == signal)
			end(c, ends[i].action, "signal", 0);
	for (unsigned i = 0; signal == SIGHUP && i < c->app_count; i++)
		if (c->apps[i].pid != 0)
			kill(c->apps[i].pid, SIGHUP);
}

void
events_fail(void)
{
	reason = "fail";
}

unsigned
events_start_apps(struct config *c)
{
	unsigned failures = 0;

	/* One that could not be started may be the end of the machine already. */
	for (unsigned i = 0; i < c->app_count && phase == RUN; i++)
		if (app_try(c, &c->apps[i]) != 0)
			failures++;
	return failures;
}

void
events_run(struct config *c)
{
	struct timespec left;
	sigset_t set;

	wait_set(&set);
	if (reason && phase == RUN)
		end(c, HALT_AUTO, reason, 125);
	for (;;) {
		int signal, anybody = reap(c);

		apps_restart(c);
		advance(c, anybody);
		signal = sigtimedwait(&set, NULL, time_left(c, &left));
		if (signal > 0)
			signal_came(c, signal);
	}
}

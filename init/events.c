/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One loop, one wait: init sleeps until a child ends, a signal comes, somebody
 * asks for something or something is due.
 *
 *   RUN ──somebody asks, an application ended──▶ TURNS: stop signal to each application
 *       when those that are after it have ended
 *   TURNS ──half of the grace time is over──▶ STOP: stop signal to the rest of them
 *   STOP ──applications ended, or the grace time is over──▶ TERM: SIGTERM to all
 *   TERM ──nobody left, or TERM_MS are over──▶ KILL: SIGKILL to all
 *   KILL ──nobody left, or KILL_MS are over──▶ the machine ends
 */
#include "events.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "button.h"
#include "console.h"
#include "control.h"
#include "halt.h"
#include "services.h"
#include "wait.h"

#define TERM_MS 1000
#define KILL_MS 2000 /* a process stuck in the kernel does not die */

enum phase { RUN, ASKED, TURNS, STOP, TERM, KILL };

static enum phase phase;
static pid_t awaited; /* a child of events_await; 0: none, or it has ended */
static int awaited_status;
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

void
events_end(enum halt_action how, const char *why, int with)
{
	if (phase != RUN)
		return;
	phase = ASKED;
	action = how;
	reason = why;
	code = with;
}

int
events_ending(void)
{
	return phase != RUN;
}

static uint64_t
now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static void
phase_enter(enum phase next, unsigned ms)
{
	phase = next;
	deadline_us = now_us() + (uint64_t)ms * 1000;
}

/* Takes every child that has ended. Returns 0 when there is none left at all. */
static int
reap(int *reaped)
{
	int status;
	pid_t pid;

	*reaped = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

		*reaped = 1;
		if (pid == awaited) {
			awaited = 0;
			awaited_status = status;
			continue;
		}
		service_ended(pid, signal ? 128 + signal : WEXITSTATUS(status), signal);
	}
	return pid == 0 || errno != ECHILD;
}

/* Goes to the next phase when this one is over; ends the machine after the last. */
static void
advance(const struct config *c, int anybody, int reaped)
{
	int late = phase > ASKED && now_us() >= deadline_us;

	if (phase == ASKED) {
		/* The configuration decides where the reason leaves it open. */
		action = action == HALT_AUTO ? (enum halt_action)c->halt : action;
		phase_enter(TURNS, c->grace_ms / 2);
	}
	if (phase == TURNS) {
		services_stop(late);
		if (late || !services_running())
			phase_enter(STOP, c->grace_ms - c->grace_ms / 2);
		late = 0;
	}
	if (phase == STOP && (late || !services_running())) {
		if (late)
			log_msg(LOG_WARN, "an application did not stop in %u ms",
				c->grace_ms);
		halt_kill(SIGTERM);
		halt_kill(SIGCONT);
		phase_enter(TERM, TERM_MS);
		late = reaped = 0;
	}
	if (phase == TERM && reaped)
		halt_kill_left(SIGTERM);
	if (phase == TERM && (late || !anybody)) {
		halt_kill(SIGKILL);
		phase_enter(KILL, KILL_MS);
		late = reaped = 0;
	}
	if (phase == KILL && reaped)
		halt_kill_left(SIGKILL);
	if (phase == KILL && (late || !anybody))
		halt_machine(c, action, reason, code);
}

static void
signal_came(int signal)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].signal == signal)
			events_end(ends[i].action, "signal", 0);
	if (signal == SIGHUP)
		services_signal(SIGHUP);
	if (signal == SIGIO)
		control_changed();
}

static void
take_signals(void)
{
	int signal;

	while ((signal = wait_signal()) > 0)
		signal_came(signal);
}

static void
sleep_until(uint64_t due)
{
	control_wait(&due);
	button_wait();
	wait_until(due);
}

int
events_await(pid_t pid, unsigned grace_ms)
{
	uint64_t end_us = 0, now;
	int reaped;

	awaited = pid;
	for (;;) {
		take_signals();
		reap(&reaped);
		now = now_us();
		if (phase != RUN && end_us == 0)
			end_us = now + (uint64_t)grace_ms * 1000;
		if (!awaited || (end_us != 0 && now >= end_us))
			break;
		services_wait(NULL);
		sleep_until(end_us);
	}
	pid = awaited;
	awaited = 0;
	return pid ? -1 : awaited_status;
}

void
events_run(const struct config *c)
{
	for (;;) {
		uint64_t due = 0;
		int reaped, anybody;

		take_signals();
		anybody = reap(&reaped);
		services_advance();
		advance(c, anybody, reaped);
		wait_at(&due, deadline_us);
		services_wait(&due);
		sleep_until(due);
	}
}

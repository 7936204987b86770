/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One application from its start to its end. It is ready when what its
 * configuration names has come, may end and be started again later, and has
 * failed when it was not ready in its time.
 */
#include "service.h"

#include <time.h>

#include "app.h"
#include "config.h"
#include "console.h"
#include "events.h"
#include "helper.h"
#include "line.h"
#include "probe.h"
#include "record.h"
#include "services.h"

/* An application that ends sooner than this is restarted later each time. */
#define QUICK_US 10000000
#define RESTART_FIRST_US 100000
#define RESTART_DOUBLINGS 7 /* 0.1 s ... 12.8 s */
#define TASK_TRIES 6
#define LATE_US 10000000 /* between looks at one whose time is over */

void
service_restart(struct app *app)
{
	uint64_t now = clock_us(CLOCK_MONOTONIC), delay = RESTART_FIRST_US;

	if (now - app->started_us >= QUICK_US)
		app->quick_ends = 0;
	delay <<= app->quick_ends;
	if (app->quick_ends < RESTART_DOUBLINGS)
		app->quick_ends++;
	app->restart_us = now + delay;
}

/* Whether its time to become ready is over: it is late, and looked at seldom. */
static int
is_late(const struct app *app)
{
	return app->begun && app->ready_ms != 0 && app->limit_us == 0;
}

/* The record for one that was never ready, and will not be in time. */
static void
fail(const struct app *app, const char *step, const char *what, unsigned number,
	const char *unit)
{
	struct line why;

	line_clear(&why);
	line_fmt(&why, "%s: %s %u%s", app->name, what, number, unit);
	record_fail(step, app->name, 0, why.text);
	services_fail();
}

/* A task without a limit of time has one of tries: somebody waits for an answer. */
static int
may_try_again(struct app *app)
{
	return app->ready != READY_TASK || app->ready_ms != 0 || ++app->tries < TASK_TRIES;
}

/* What an end leads to; the first word on it is the configuration's. */
static enum then
then_of(struct app *app, int code)
{
	if (events_ending() || (app->ready == READY_TASK && code == 0))
		return THEN_NONE;
	if (app->restart == RESTART_ALWAYS)
		return THEN_RESTART;
	if (app->restart == RESTART_ON_FAILURE && code != 0 && may_try_again(app))
		return THEN_RESTART;
	return (enum then)app->on_exit;
}

static void
end(struct app *app, int code, int signal, int told)
{
	enum then then = then_of(app, code);

	app->pid = 0;
	app->probe_us = 0;
	output_drain(&app->output);
	if (app->output.found || (app->ready == READY_TASK && code == 0))
		app->is_ready = 1;
	if (!app->is_ready && !told && !events_ending() && then != THEN_RESTART)
		fail(app, app->ready == READY_TASK ? "task" : "ready",
			"has not been ready and ended with", (unsigned)code, "");
	record_exit(app->name, code, signal, then_names[then]);
	if (then == THEN_RESTART)
		service_restart(app);
	else
		app->limit_us = 0;
	if (then == THEN_POWEROFF)
		events_end(HALT_AUTO, "exit", code);
	else if (then == THEN_REBOOT)
		events_end(HALT_REBOOT, "exit", code);
}

void
service_end(struct app *app, int code, int signal)
{
	if (is_helper(app))
		helper_ended(app, code);
	else
		end(app, code, signal, 0);
}

void
service_start(struct app *app)
{
	app->restart_us = 0;
	if (!app->begun && (app->ready_ms != 0 || is_helper(app)))
		app->limit_us = clock_us(CLOCK_MONOTONIC) + (uint64_t)app->ready_ms * 1000;
	app->begun = 1;
	if (app->ready == READY_FILE)
		probe_note(app->ready_text, &app->before);
	if (app_start(app) != 0) {
		services_fail();
		if (is_helper(app))
			helper_failed(app);
		else
			end(app, 127, 0, 1);
		return;
	}
	if (app->ready == READY_STARTED)
		app->is_ready = 1;
	if (app->is_ready)
		return;
	if (app->ready == READY_TCP || app->ready == READY_FILE)
		app->probe_us = clock_us(CLOCK_MONOTONIC);
	if (app->ready == READY_FILE)
		probe_watch(app->ready_text, &app->before);
}

/* Nobody says that a port is open or a file there: looked at ever less often. */
static void
probe(struct app *app)
{
	uint64_t now = clock_us(CLOCK_MONOTONIC);

	if (app->ready == READY_TCP)
		app->is_ready = (unsigned)probe_tcp(app->ready_port);
	else
		app->is_ready = (unsigned)probe_file(app->ready_text, &app->before);
	if (app->is_ready || (app->ready == READY_FILE && probe_watches()))
		app->probe_us = 0;
	else
		app->probe_us = is_late(app) ? now + LATE_US
					     : probe_next(now, app->started_us);
}

/* Its time to become ready is over. */
static void
limit(struct app *app)
{
	app->limit_us = 0;
	if (is_helper(app)) {
		helper_late(app);
		return;
	}
	fail(app, "ready", "is not ready after", app->ready_ms, " ms");
	if (app->restart != RESTART_ALWAYS && app->on_exit != THEN_NONE)
		events_end(app->on_exit == THEN_REBOOT ? HALT_REBOOT : HALT_AUTO, "fail", 125);
}

void
service_look(struct app *app)
{
	uint64_t now = clock_us(CLOCK_MONOTONIC);

	if (app->output.found)
		app->is_ready = 1;
	if (app->pid != 0 && !app->is_ready && app->probe_us != 0 && app->probe_us <= now)
		probe(app);
	if (app->is_ready)
		app->limit_us = app->probe_us = 0;
	else if (app->limit_us != 0 && app->limit_us <= now)
		limit(app);
}

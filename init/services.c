/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An application waits until those that it is after are ready, is started, and
 * is ready when what its configuration names has come. It may end and be
 * started again later; who was ready once stays so for those after it.
 */
#include "services.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "config.h"
#include "console.h"
#include "control.h"
#include "events.h"
#include "line.h"
#include "probe.h"
#include "record.h"
#include "steps.h"
#include "wait.h"

/* An application that ends sooner than this is restarted later each time. */
#define QUICK_US 10000000
#define RESTART_FIRST_US 100000
#define RESTART_DOUBLINGS 7 /* 0.1 s ... 12.8 s */
#define TASK_TRIES 6
#define LATE_US 10000000 /* between looks at one whose time is over */

static struct config *config;
static uint64_t born_us;
static unsigned failed, said;

static uint64_t
now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static int
is_helper(const struct app *app)
{
	return app->ready == READY_NETWORK;
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

/* The network is as far as it will get before applications are started. */
static void
network_is_ready(struct app *app, const char *but)
{
	app->is_ready = 1;
	app->limit_us = 0;
	steps_add("network", now_us() - app->started_us, but != NULL);
	if (but)
		log_msg(LOG_WARN, "the network %s", but);
}

static void
helper_ended(struct app *app, int code)
{
	log_msg(LOG_WARN, "the network helper ended with %d", code);
	if (!app->is_ready)
		network_is_ready(app, "has lost its helper");
	if (!events_ending())
		restart_later(app);
}

/* It could not be started, which may be better later: memory comes back. */
static void
helper_failed(struct app *app)
{
	if (!app->is_ready)
		network_is_ready(app, "has no helper");
	restart_later(app);
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
app_ended(struct app *app, int code, int signal, int told)
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
		restart_later(app);
	else
		app->limit_us = 0;
	if (then == THEN_POWEROFF)
		events_end(HALT_AUTO, "exit", code);
	else if (then == THEN_REBOOT)
		events_end(HALT_REBOOT, "exit", code);
}

static void
app_try(struct app *app)
{
	app->restart_us = 0;
	if (!app->begun && (app->ready_ms != 0 || is_helper(app)))
		app->limit_us = now_us() + (uint64_t)app->ready_ms * 1000;
	app->begun = 1;
	if (app->ready == READY_FILE)
		probe_note(app->ready_text, &app->before);
	if (app_start(app) != 0) {
		services_fail();
		if (is_helper(app))
			helper_failed(app);
		else
			app_ended(app, 127, 0, 1);
		return;
	}
	if (app->ready == READY_STARTED)
		app->is_ready = 1;
	if (app->is_ready)
		return;
	if (app->ready == READY_TCP || app->ready == READY_FILE)
		app->probe_us = now_us();
	if (app->ready == READY_FILE)
		probe_watch(app->ready_text, &app->before);
}

/* Nobody says that a port is open or a file there: looked at ever less often. */
static void
probe(struct app *app)
{
	uint64_t now = now_us();

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
		network_is_ready(app, "is not ready in its time");
		return;
	}
	fail(app, "ready", "is not ready after", app->ready_ms, " ms");
	if (app->restart != RESTART_ALWAYS && app->on_exit != THEN_NONE)
		events_end(app->on_exit == THEN_REBOOT ? HALT_REBOOT : HALT_AUTO, "fail", 125);
}

/* A new file may be the one. */
static void
files_came(void)
{
	for (unsigned i = 0; i < config->app_count; i++)
		if (config->apps[i].ready == READY_FILE && config->apps[i].pid != 0)
			config->apps[i].probe_us = 1;
}

static void
look(struct app *app)
{
	uint64_t now = now_us();

	if (app->output.found)
		app->is_ready = 1;
	if (app->pid != 0 && !app->is_ready && app->probe_us != 0 && app->probe_us <= now)
		probe(app);
	if (app->is_ready)
		app->limit_us = app->probe_us = 0;
	else if (app->limit_us != 0 && app->limit_us <= now)
		limit(app);
}

static uint32_t
ready_bits(void)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < config->app_count; i++)
		bits |= (uint32_t)(config->apps[i].is_ready != 0) << i;
	return bits;
}

static int
is_due(const struct app *app)
{
	if (app->restart_us != 0)
		return app->restart_us <= now_us();
	return !app->begun && (app->needs & ~ready_bits()) == 0;
}

static void
say_ready(void)
{
	uint64_t boot_us = clock_us(CLOCK_BOOTTIME), init_us = now_us() - born_us;
	unsigned apps = config->app_count;

	if (said || failed || ready_bits() + 1 != 1u << apps)
		return;
	said = 1;
	for (unsigned i = 0; i < config->app_count; i++)
		apps -= (unsigned)is_helper(&config->apps[i]);
	/* The times are those before: a serial line takes longer than some steps. */
	steps_say();
	record_ready(boot_us, init_us, apps, control_names());
}

void
services_advance(void)
{
	unsigned begun;

	if (probe_came())
		files_came();
	do {
		begun = 0;
		for (unsigned i = 0; i < config->app_count && !events_ending(); i++)
			look(&config->apps[i]);
		/* One that cannot be started may be the end of the machine already. */
		for (unsigned i = 0; i < config->app_count && !events_ending(); i++) {
			if (!is_due(&config->apps[i]))
				continue;
			app_try(&config->apps[i]);
			begun = 1;
		}
	} while (begun);
	if (!events_ending())
		say_ready();
}

/* Whether a line of the text is this one, with its LF. strstr is a twentieth of init. */
static int
has_line(const char *text, const char *line)
{
	size_t n = strlen(line);

	while (strncmp(text, line, n) != 0) {
		text = strchr(text, '\n');
		if (!text)
			return 0;
		text++;
	}
	return 1;
}

static void
helper_came(void *arg, short events)
{
	struct app *app = arg;
	char text[256];
	ssize_t n = read(app->output.fd, text, sizeof(text) - 1);

	(void)events;
	text[n > 0 ? n : 0] = '\0';
	if (n <= 0 && !(n < 0 && errno == EAGAIN))
		output_close(&app->output);
	if (app->is_ready)
		return;
	if (has_line(text, "ready\n"))
		network_is_ready(app, NULL);
	else if (has_line(text, "limit\n"))
		network_is_ready(app, "is not as configured");
	else if (app->output.fd <= 0)
		network_is_ready(app, "has lost its helper");
}

void
services_wait(uint64_t *due)
{
	for (unsigned i = 0; i < config->app_count; i++) {
		struct app *app = &config->apps[i];

		if (is_helper(app))
			wait_fd(app->output.fd > 0 ? app->output.fd : -1, POLLIN, helper_came,
				app);
		else
			output_wait(&app->output);
		if (!due || events_ending())
			continue;
		wait_at(due, app->restart_us);
		wait_at(due, app->limit_us);
		wait_at(due, app->probe_us);
	}
	probe_wait();
}

void
service_ended(pid_t pid, int code, int signal)
{
	for (unsigned i = 0; i < config->app_count; i++) {
		struct app *app = &config->apps[i];

		if (app->pid != pid)
			continue;
		app->pid = 0;
		if (is_helper(app))
			helper_ended(app, code);
		else
			app_ended(app, code, signal, 0);
	}
}

void
services_signal(int signal)
{
	for (unsigned i = 0; i < config->app_count; i++)
		if (config->apps[i].pid != 0)
			kill(config->apps[i].pid, signal);
}

/* Whether another that runs is after it, and so may need it to the last. */
static int
is_needed(unsigned i)
{
	for (unsigned k = 0; k < config->app_count; k++)
		if (config->apps[k].pid != 0 && config->apps[k].needs & 1u << i)
			return 1;
	return 0;
}

void
services_stop(int all)
{
	for (unsigned i = 0; i < config->app_count; i++) {
		struct app *app = &config->apps[i];

		app->restart_us = app->limit_us = app->probe_us = 0;
		/* The network is needed to the end: the helper goes with all others. */
		if (app->pid == 0 || app->stopped || is_helper(app))
			continue;
		if (!all && is_needed(i))
			continue;
		app->stopped = 1;
		kill(app->pid, (int)app->stop_signal);
		kill(app->pid, SIGCONT);
	}
}

int
services_running(void)
{
	for (unsigned i = 0; i < config->app_count; i++)
		if (config->apps[i].pid != 0 && !is_helper(&config->apps[i]))
			return 1;
	return 0;
}

void
services_open(struct config *c, uint64_t started_us)
{
	config = c;
	born_us = started_us;
}

void
services_open_network(void)
{
	app_try(&config->apps[config->app_count - 1]);
}

void
services_fail(void)
{
	failed = 1;
}

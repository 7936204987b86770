/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The applications among each other: each waits until those that it is after
 * are ready, and who was ready once stays so for them. The machine is ready
 * when all are.
 */
#include "services.h"

#include <signal.h>
#include <time.h>

#include "config.h"
#include "console.h"
#include "control.h"
#include "events.h"
#include "helper.h"
#include "probe.h"
#include "record.h"
#include "service.h"
#include "steps.h"
#include "wait.h"

static struct config *config;
static uint64_t born_us;
static unsigned failed, said;

/* A new file may be the one. */
static void
files_came(void)
{
	for (unsigned i = 0; i < config->app_count; i++)
		if (config->apps[i].ready == READY_FILE && config->apps[i].pid != 0)
			config->apps[i].probe_us = 1;
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
		return app->restart_us <= clock_us(CLOCK_MONOTONIC);
	return !app->begun && (app->needs & ~ready_bits()) == 0;
}

static void
say_ready(void)
{
	uint64_t boot_us = clock_us(CLOCK_BOOTTIME), init_us = clock_us(CLOCK_MONOTONIC) - born_us;
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
			service_look(&config->apps[i]);
		/* One that cannot be started may be the end of the machine already. */
		for (unsigned i = 0; i < config->app_count && !events_ending(); i++) {
			if (!is_due(&config->apps[i]))
				continue;
			service_start(&config->apps[i]);
			begun = 1;
		}
	} while (begun);
	if (!events_ending())
		say_ready();
}

void
services_wait(uint64_t *due)
{
	for (unsigned i = 0; i < config->app_count; i++) {
		struct app *app = &config->apps[i];

		if (is_helper(app))
			helper_wait(app);
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
		if (config->apps[i].pid != pid)
			continue;
		config->apps[i].pid = 0;
		service_end(&config->apps[i], code, signal);
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
	service_start(&config->apps[config->app_count - 1]);
}

void
services_fail(void)
{
	failed = 1;
}

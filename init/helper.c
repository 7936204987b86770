/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The network helper is an application that nobody configured: it has no
 * records, is never the end of the machine, and says on a pipe how far the
 * network is. What it cannot do is told, and the applications start anyway.
 */
#include "helper.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "events.h"
#include "service.h"
#include "steps.h"
#include "wait.h"

int
is_helper(const struct app *app)
{
	return app->ready == READY_NETWORK;
}

/* The network is as far as it will get before applications are started. */
static void
network_is_ready(struct app *app, const char *but)
{
	app->is_ready = 1;
	app->limit_us = 0;
	steps_add("network", clock_us(CLOCK_MONOTONIC) - app->started_us, but != NULL);
	if (but)
		log_msg(LOG_WARN, "the network %s", but);
}

void
helper_ended(struct app *app, int code)
{
	/* At the machine's end it was asked to. */
	if (!events_ending())
		log_msg(LOG_WARN, "the network helper ended with %d", code);
	if (!app->is_ready)
		network_is_ready(app, "has lost its helper");
	if (!events_ending())
		service_restart(app);
}

void
helper_failed(struct app *app)
{
	/* Which may be better later: memory comes back. */
	if (!app->is_ready)
		network_is_ready(app, "has no helper");
	service_restart(app);
}

void
helper_late(struct app *app)
{
	network_is_ready(app, "is not ready in its time");
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
came(void *arg, short events)
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
helper_wait(struct app *app)
{
	wait_fd(app->output.fd > 0 ? app->output.fd : -1, POLLIN, came, app);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An application that is ready when it says so has a pipe to init in place of
 * the console. Init passes on what comes and never waits for the console: while
 * that is full the pipe is not read, and it is the application that waits.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "wait.h"

#define DRAIN_READS 256 /* more than a pipe holds */

int
output_open(struct output *o, const char *text)
{
	int ends[2];

	output_close(o);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	o->fd = ends[0];
	o->text = text;
	return ends[1];
}

void
output_close(struct output *o)
{
	if (o->fd > 0)
		close(o->fd);
	*o = (struct output){.fd = -1};
}

/* The text may begin again inside of what matched so far. */
static size_t
matched_with(const char *text, size_t matched, char next)
{
	size_t n = matched + 1;

	/* The longest beginning of the text that what came ends with. */
	for (; n > 0; n--) {
		if (text[n - 1] == next &&
			memcmp(text, text + matched - (n - 1), n - 1) == 0)
			return n;
	}
	return 0;
}

void
output_match(struct output *o, const char *bytes, size_t size)
{
	for (size_t i = 0; o->text && i < size; i++) {
		o->matched = matched_with(o->text, o->matched, bytes[i]);
		if (o->text[o->matched] == '\0') {
			o->found = 1;
			o->text = NULL;
		}
	}
}

static void
copy(struct output *o)
{
	ssize_t n = console_write(o->bytes + o->from, o->size - o->from);

	if (n < 0) /* There is no console: as if it had been written there. */
		n = errno == EAGAIN ? 0 : (ssize_t)(o->size - o->from);
	o->from += (size_t)n;
}

static void
came(void *arg, short events)
{
	struct output *o = arg;
	ssize_t n;

	(void)events;
	if (o->from < o->size) {
		copy(o);
		return;
	}
	n = read(o->fd, o->bytes, sizeof(o->bytes));
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			output_close(o);
		return;
	}
	o->from = 0;
	o->size = (size_t)n;
	output_match(o, o->bytes, o->size);
	copy(o);
}

void
output_drain(struct output *o)
{
	/* Somebody else may hold the pipe and write to it without end. */
	for (int i = 0; i < DRAIN_READS && o->fd > 0; i++) {
		ssize_t n;

		if (o->from < o->size &&
			console_copy(o->bytes + o->from, o->size - o->from) != 0)
			return;
		o->from = o->size = 0;
		n = read(o->fd, o->bytes, sizeof(o->bytes));
		if (n <= 0)
			return;
		o->size = (size_t)n;
		output_match(o, o->bytes, o->size);
	}
}

void
output_wait(struct output *o)
{
	if (o->from < o->size)
		wait_fd(console_fd(), POLLOUT, came, o);
	else if (o->fd > 0)
		wait_fd(o->fd, POLLIN, came, o);
}

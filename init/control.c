/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A host that asks for the end, and listens. Whatever it does, init never waits
 * for it: a line that it does not take is lost, and a socket that is full is
 * closed. Records that were written before somebody came are told then.
 */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "button.h"
#include "config.h"
#include "console.h"
#include "events.h"
#include "line.h"
#include "port.h"
#include "socket.h"
#include "vsock.h"
#include "wait.h"

#define PORT_NAME "msmv.control"
#define CONNECTIONS 6
#define HISTORY_BYTES 2048
#define DEAF_US 1000000
#define LEAVE_US UINT64_C(100000) /* for hosts to take what was written */

/* The serial port's place among them; the host's listener has the next. */
enum { SERIAL, REPORT, FIRST };

struct connection {
	int fd;        /* 0: none */
	unsigned open; /* somebody is at the other end */
	struct control_input input;
};

static struct connection connections[CONNECTIONS];
static int listener = -1;
static const char *local; /* the way's name; NULL: on a machine */
static uint64_t deaf_us; /* until then nobody is let in */
static char history[HISTORY_BYTES];
static size_t history_size;

static const struct {
	const char *line, *answer;
	enum halt_action action;
} commands[] = {
	{"poweroff", "ok\n", HALT_AUTO},
	{"reboot", "ok\n", HALT_REBOOT},
};

static const char *
command(const char *line)
{
	if (strcmp(line, "ping") == 0)
		return "pong\n";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(line, commands[i].line) == 0) {
			events_end(commands[i].action, "control", 0);
			return commands[i].answer;
		}
	}
	return "error\n";
}

const char *
control_byte(struct control_input *in, char byte)
{
	size_t size = in->size;

	if (byte != '\n') {
		if (size < CONTROL_LINE)
			in->text[size] = byte;
		in->size += size <= CONTROL_LINE;
		return NULL;
	}
	in->size = 0;
	if (size > CONTROL_LINE)
		return "error\n";
	if (size > 0 && in->text[size - 1] == '\r')
		size--;
	in->text[size] = '\0';
	return command(in->text);
}

static void
leave(struct connection *c)
{
	c->open = 0;
	c->input.size = 0;
	/* The port is there for the next who comes. */
	if (c == &connections[SERIAL])
		return;
	close(c->fd);
	c->fd = 0;
}

static void
say(struct connection *c, const char *text, size_t size)
{
	ssize_t n;

	if (size == 0)
		return;
	n = write(c->fd, text, size);
	/* Half a line would be read as something else. */
	if (n != (ssize_t)size && c != &connections[SERIAL])
		leave(c);
}

static void
enter(struct connection *c)
{
	c->open = 1;
	say(c, history, history_size);
}

void
control_changed(void)
{
	struct connection *c = &connections[SERIAL];
	struct pollfd p = {.fd = c->fd, .events = POLLIN};

	if (c->fd <= 0 || poll(&p, 1, 0) < 0)
		return;
	if (p.revents & POLLHUP)
		leave(c);
	else if (!c->open)
		enter(c);
}

static void
came(void *arg, short events)
{
	struct connection *c = arg;
	char text[128];
	ssize_t n;

	if (!c->open) {
		/* A connection of ours, made or refused. */
		if (events & (POLLERR | POLLHUP))
			leave(c);
		else
			enter(c);
		return;
	}
	n = read(c->fd, text, sizeof(text));
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		leave(c);
	for (ssize_t i = 0; i < n && c->open; i++) {
		const char *answer = control_byte(&c->input, text[i]);

		if (answer)
			say(c, answer, strlen(answer));
		/* A browser's request must not reach the lines behind its head. */
		if (answer && *answer == 'e' && local && *local == 't')
			leave(c);
	}
}

static void
caller(void *arg, short events)
{
	int fd = vsock_accept(listener);

	(void)arg;
	(void)events;
	/* Out of descriptors or memory: who calls stays in line, to be told again at once. */
	if (fd < 0 && errno != EAGAIN && errno != EPERM && errno != ECONNABORTED)
		deaf_us = clock_us(CLOCK_MONOTONIC) + DEAF_US;
	for (int i = FIRST; fd >= 0 && i < CONNECTIONS; i++) {
		if (connections[i].fd == 0) {
			connections[i].fd = fd;
			enter(&connections[i]);
			return;
		}
	}
	if (fd >= 0)
		close(fd);
}

void
control_wait(uint64_t *due)
{
	if (deaf_us != 0 && deaf_us > clock_us(CLOCK_MONOTONIC)) {
		wait_at(due, deaf_us);
	} else {
		deaf_us = 0;
		wait_fd(listener, POLLIN, caller, NULL);
	}
	for (int i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &connections[i];

		if (c->fd > 0 && (c->open || i != SERIAL))
			wait_fd(c->fd, c->open ? POLLIN : POLLOUT, came, c);
	}
}

void
control_record(const struct line *l)
{
	char text[LINE_MAX_TEXT + 1];

	memcpy(text, l->text, l->len);
	text[l->len] = '\n';
	for (int i = 0; i < CONNECTIONS; i++)
		if (connections[i].open)
			say(&connections[i], text, l->len + 1);
	if (history_size + l->len + 1 <= sizeof(history)) {
		memcpy(history + history_size, text, l->len + 1);
		history_size += l->len + 1;
	}
}

/* The kernel tells by SIGIO when the host opens or leaves the port. */
static void
serial_open(void)
{
	int fd = port_open(PORT_NAME);

	if (fd < 0)
		return;
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC);
	connections[SERIAL].fd = fd;
	control_changed();
}

void
control_open(void)
{
	int fd;

	serial_open();
	button_open();
	if (!vsock_is_there())
		return;
	listener = vsock_listen(CONTROL_PORT);
	if (listener < 0)
		log_msg(LOG_WARN, "vsock port %d: %s", CONTROL_PORT, strerror(errno));
	fd = vsock_connect(VSOCK_HOST, REPORT_PORT);
	if (fd >= 0)
		connections[REPORT].fd = fd;
}

int
control_open_local(const char *path, unsigned port)
{
	local = port ? "tcp" : "socket";
	listener = port ? socket_at_port(port) : socket_at_file(path);
	return listener < 0 ? -1 : 0;
}

/* A host that has read to the end of the stream closes its own. */
static void
wait_for_host(int fd, uint64_t end)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t now;
	char rest[128];

	shutdown(fd, SHUT_WR);
	while ((now = clock_us(CLOCK_MONOTONIC)) < end) {
		if (poll(&p, 1, (int)((end - now) / 1000) + 1) <= 0)
			return;
		if (p.revents & (POLLHUP | POLLERR) || read(fd, rest, sizeof(rest)) <= 0)
			return;
	}
}

void
control_end(void)
{
	uint64_t end = clock_us(CLOCK_MONOTONIC) + LEAVE_US;

	socket_remove();
	for (int i = REPORT; !local && i < CONNECTIONS; i++)
		if (connections[i].open)
			wait_for_host(connections[i].fd, end);
}

const char *
control_names(void)
{
	static struct line names;

	if (local)
		return local;
	/* The host gives a port its name a moment after the port itself. */
	if (connections[SERIAL].fd == 0)
		serial_open();
	line_clear(&names);
	line_str(&names, button_is_there() ? ",button" : "");
	line_str(&names, connections[SERIAL].fd > 0 ? ",serial" : "");
	line_str(&names, listener >= 0 ? ",vsock" : "");
	return names.len > 0 ? names.text + 1 : "none";
}

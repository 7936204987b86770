/* SPDX-License-Identifier: GPL-3.0-only */
/* A check of a TCP port: connects, says what it has to, and looks at what comes. */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "boot.h"
#include "ports.h"

enum {
	ASK_MS = 100,     /* so often QEMU is asked about a connection */
	CONNECT_MS = 3000 /* a guest that has not answered by then is called again */
};

struct connection {
	int fd, port; /* of this machine */
	bool asked, established;
	char text[CHECK_ANSWER_MAX];
	size_t used;
};

/*
 * QEMU takes a connection on a forwarded port before it has one to the guest, which may
 * never come; so it is asked. Its table has a line for each:
 *
 *	TCP[ESTABLISHED]  16       127.0.0.1 38745       10.0.2.15    80     0     0
 */
static void
on_table(void *owner, json_t *value, json_t *error)
{
	struct connection *c = owner;
	const char *line = json_string_value(value);
	int port;

	(void)error;
	c->asked = false;
	for (; line && *line; line = strchr(line, '\n')) {
		line += strspn(line, "\r\n ");
		if (sscanf(line, "TCP[ESTABLISHED] %*d %*s %d", &port) == 1 && port == c->port)
			c->established = true;
	}
}

static void
ask(struct boot *b, struct connection *c)
{
	if (!c->asked)
		c->asked = qmp_ask(&b->qmp, "human-monitor-command",
		                   json_pack("{s:s}", "command-line", "info usernet"), on_table,
		                   c);
}

static bool
connect_to(struct connection *c, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	*c = (struct connection){ .port = port };
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd >= 0 && connect(c->fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return true;
	if (c->fd >= 0)
		close(c->fd);
	return false;
}

/* False at the end of the stream. */
static bool
receive(struct connection *c)
{
	ssize_t n = recv(c->fd, c->text + c->used, sizeof(c->text) - 1 - c->used, MSG_DONTWAIT);

	if (n > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (!c->text[c->used + (size_t)i])
				c->text[c->used + (size_t)i] = ' ';
		c->used += (size_t)n;
		c->text[c->used] = '\0';
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Until there is the answer, or the end of it. */
static bool
converse(struct boot *b, struct check *check, struct connection *c, int64_t deadline)
{
	bool talks = check->send || check->text || check->pattern, open = true;
	int64_t next = 0, patience = boot_now() + CONNECT_MS;

	if (check->send && send(c->fd, check->send, strlen(check->send), MSG_NOSIGNAL) < 0)
		return false;
	while (open && !boot_over(b) && boot_now() < deadline) {
		open = receive(c);
		if (talks ? c->used && check_text(check, c->text) : c->used || c->established)
			return true;
		if (open && boot_now() >= next && !c->established) {
			next = boot_now() + ASK_MS;
			ask(b, c);
		}
		if (!c->used && !c->established && boot_now() >= patience)
			break;
		if (open)
			boot_listen_for(b, CHECK_TURN_MS);
	}
	if (c->used)
		check_came(check, "", c->text);
	else if (!open)
		check_came(check, "", "a connection that is closed at once");
	else
		check_came_nothing(check, c->established ? "a connection, but no word"
		                                   : "no connection");
	return false;
}

bool
check_tcp(struct boot *b, struct check *check, int64_t deadline)
{
	/* An answer about it may come after this try. */
	static struct connection c;
	bool passed;

	if (c.asked)
		boot_listen_for(b, CHECK_TURN_MS);
	if (!connect_to(&c, port_local(b->guest, check->port))) {
		check_came(check, "no connection to QEMU: ", strerror(errno));
		return false;
	}
	passed = converse(b, check, &c, deadline);
	close(c.fd);
	return passed;
}

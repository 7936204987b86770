/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why QMP again and no language of its own: any QMP client can use the socket, several at
 * a time, which QEMU's own monitor does not allow; and the tool needs one client for VMs
 * that it started and for those that a person did.
 *
 * Commands are handed on to QEMU and their replies back, but for those that the table
 * below has: they are the supervisor's own.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum { IN_MAX = 1 << 20, OUT_MAX = 4 << 20, CLIENTS_MAX = 64, ASKED_MAX = 64 };

/* A command on its way through QEMU. */
struct relayed {
	struct supervisor *s;
	long long client;
	json_t *id; /* owned; may be NULL */
};

struct client *
server_find(struct supervisor *s, long long serial)
{
	for (size_t i = 0; i < s->clients.len; i++)
		if (s->clients.v[i]->serial == serial)
			return s->clients.v[i];
	return NULL;
}

static void
drop(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static void
flush(struct client *c)
{
	while (c->fd >= 0 && c->out.len) {
		ssize_t n = send(c->fd, c->out.p, c->out.len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			drop(c);
			return;
		}
		memmove(c->out.p, c->out.p + n, c->out.len - (size_t)n);
		c->out.len -= (size_t)n;
	}
}

/* o is released. A client that does not read is dropped. */
static void
send_object(struct client *c, json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT);

	if (text && c->fd >= 0)
		str_addf(&c->out, "%s\r\n", text);
	free(text);
	json_decref(o);
	flush(c);
	if (c->out.len > OUT_MAX)
		drop(c);
}

/* value and id are taken over. */
void
server_answer(struct supervisor *s, long long serial, json_t *id, const char *kind, json_t *value)
{
	struct client *c = server_find(s, serial);
	json_t *o = json_object();

	json_object_set_new(o, kind, value);
	if (id)
		json_object_set_new(o, "id", id);
	if (c)
		send_object(c, o);
	else
		json_decref(o);
}

static void
refuse(struct supervisor *s, long long serial, json_t *id, const char *class, const char *why)
{
	server_answer(s, serial, id, "error", json_pack("{s:s, s:s}", "class", class, "desc", why));
}

static void
on_reply(void *owner, json_t *value, json_t *error)
{
	struct relayed *r = owner;
	struct client *c = server_find(r->s, r->client);

	if (c)
		c->asked--;
	if (value)
		server_answer(r->s, r->client, take(r->id), "return", json_incref(value));
	else if (error)
		server_answer(r->s, r->client, take(r->id), "error", json_incref(error));
	else
		refuse(r->s, r->client, take(r->id), "GenericError",
			"QEMU has ended, or takes no command now");
	free(r);
}

static struct relayed *
relayed_new(struct supervisor *s, struct client *c, json_t *id)
{
	struct relayed *r = xmalloc(sizeof(*r));

	c->asked++;
	*r = (struct relayed){ s, c->serial, json_incref(id) };
	return r;
}

static void
relay(struct supervisor *s, struct client *c, const char *command, json_t *arguments, json_t *id)
{
	struct relayed *r = relayed_new(s, c, id);

	if (!qmp_ask(&s->qmp, command, json_incref(arguments), on_reply, r))
		on_reply(r, NULL, NULL);
}

static void
on_capabilities(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	(void)arguments;
	c->negotiated = true;
	server_answer(s, c->serial, json_incref(id), "return", json_object());
}

static void
on_status(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	(void)arguments;
	server_answer(s, c->serial, json_incref(id), "return", state_json(s));
}

static void
on_wait(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	const char *what = json_string_value(json_object_get(arguments, "for"));

	server_wait(s, c, id, what && streq(what, "ready") ? WAIT_READY : WAIT_END);
}

static void
on_stop(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	json_t *ms = json_object_get(arguments, "timeout-ms");
	json_int_t timeout = json_is_integer(ms) ? json_integer_value(ms) : 10000;

	stop_begin(s, timeout < 0 ? 0 : timeout > 86400000 ? 86400000 : timeout);
	server_wait(s, c, id, WAIT_GONE);
}

static void
on_kill(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	(void)arguments;
	stop_force(s);
	server_wait(s, c, id, WAIT_GONE);
}

static void
on_reset(struct supervisor *s, struct client *c, json_t *arguments, json_t *id)
{
	(void)arguments;
	stop_and_reset(s, on_reply, relayed_new(s, c, id));
}

static const struct {
	const char *name;
	void (*run)(struct supervisor *, struct client *, json_t *arguments, json_t *id);
} own[] = {
	{ "qmp_capabilities", on_capabilities },
	{ "msmv-status", on_status },
	{ "msmv-wait", on_wait },
	{ "msmv-stop", on_stop },
	{ "msmv-kill", on_kill },
	{ "msmv-reset", on_reset },
};

static void
execute(struct supervisor *s, struct client *c, json_t *msg)
{
	const char *command = json_string_value(json_object_get(msg, "execute"));
	json_t *arguments = json_object_get(msg, "arguments"), *id = json_object_get(msg, "id");

	if (!command) {
		refuse(s, c->serial, json_incref(id), "GenericError", "no command: {\"execute\": ...}");
		return;
	}
	if (c->asked >= ASKED_MAX) {
		refuse(s, c->serial, json_incref(id), "GenericError",
			"too many commands wait for their answers");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (streq(own[i].name, command)) {
			own[i].run(s, c, arguments, id);
			return;
		}
	if (c->negotiated)
		relay(s, c, command, arguments, id);
	else
		refuse(s, c->serial, json_incref(id), "CommandNotFound",
			"qmp_capabilities comes first");
}

static void
take_lines(struct supervisor *s, struct client *c)
{
	size_t start = 0;
	char *end;

	while (c->fd >= 0 && c->in.len > start &&
		(end = memchr(c->in.p + start, '\n', c->in.len - start))) {
		size_t n = (size_t)(end - (c->in.p + start));
		json_t *msg = json_loadb(c->in.p + start, n, 0, NULL);

		start += n + 1;
		if (msg)
			execute(s, c, msg);
		else if (n > 1)
			refuse(s, c->serial, NULL, "GenericError", "that is no JSON");
		json_decref(msg);
	}
	if (start) {
		memmove(c->in.p, c->in.p + start, c->in.len - start);
		c->in.len -= start;
	}
}

void
server_on_client(struct supervisor *s, void *item, short events)
{
	struct client *c = item;
	char buffer[16384];
	ssize_t n;

	if (events & POLLOUT)
		flush(c);
	if (c->fd < 0 || !(events & ~POLLOUT))
		return;
	n = recv(c->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || c->in.len + (size_t)n > IN_MAX) {
		drop(c);
		return;
	}
	str_addn(&c->in, buffer, (size_t)n);
	take_lines(s, c);
}

static json_t *
greeting(const struct supervisor *s)
{
	int major = 0, minor = 0, micro = 0;

	if (sscanf(s->qmp.version, "%d.%d.%d", &major, &minor, &micro) != 3)
		major = minor = micro = 0; /* QEMU has not said yet */
	return json_pack("{s:{s:{s:{s:i, s:i, s:i}, s:s}, s:[]}}", "QMP", "version", "qemu",
		"major", major, "minor", minor, "micro", micro, "package", "msmv", "capabilities");
}

void
server_accept(struct supervisor *s, void *item, short events)
{
	int fd = accept4(s->qmp_listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;

	(void)item;
	(void)events;
	if (fd < 0)
		return;
	if (s->clients.len >= CLIENTS_MAX) {
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->serial = ++s->last_client;
	c->fd = fd;
	vec_push(&s->clients, c);
	send_object(c, greeting(s));
}

void
server_event(void *owner, json_t *event)
{
	struct supervisor *s = owner;

	for (size_t i = 0; i < s->clients.len; i++)
		if (s->clients.v[i]->negotiated)
			send_object(s->clients.v[i], json_incref(event));
}

void
server_sweep(struct supervisor *s)
{
	for (size_t i = 0; i < s->clients.len;) {
		struct client *c = s->clients.v[i];

		if (c->fd >= 0) {
			i++;
			continue;
		}
		server_forget_waiters(s, c->serial);
		str_release(&c->in);
		str_release(&c->out);
		free(c);
		s->clients.v[i] = s->clients.v[--s->clients.len];
	}
}

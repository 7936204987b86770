/* SPDX-License-Identifier: GPL-3.0-only */
/* A deadline holds for the whole of a wait: a server that sends a byte a second gets no
   more time than a silent one. */
#include "vm/link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "vm/local_socket.h"

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* -1: for ever. */
static int64_t
deadline(int timeout_ms)
{
	return timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
}

/* Waits for more and takes it. False when the time is over. */
static bool
take_more(struct link *l, int64_t until)
{
	struct pollfd p = { l->qmp.fd, (short)(POLLIN | (l->qmp.out_used ? POLLOUT : 0)), 0 };
	int64_t left = until < 0 ? -1 : until - now_ms();
	int n;

	if (until >= 0 && left <= 0)
		return false;
	n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
	if (n > 0)
		qmp_read(&l->qmp);
	return n >= 0 || errno == EINTR;
}

static void
on_event(void *owner, const char *name, json_t *data)
{
	struct link *l = owner;
	const char *reason = json_string_value(json_object_get(data, "reason"));

	if (streq(name, "SHUTDOWN"))
		snprintf(l->shutdown, sizeof(l->shutdown), "%s", reason ? reason : "unknown");
}

static enum link_result
no_connection(const char *path, struct err *err)
{
	if (errno == ENOENT)
		err_set(err, "there is no socket %s", path);
	else if (errno == ECONNREFUSED)
		err_set(err, "nobody listens on %s: that QEMU has ended", path);
	else if (errno == ENOTSOCK)
		err_set(err, "%s is no socket", path);
	else
		err_errno(err, "connect to %s", path);
	return LINK_NONE;
}

static enum link_result
no_greeting(const struct link *l, int timeout_ms, struct err *err)
{
	if (l->qmp.foreign) {
		err_set(err, "%s does not speak QMP", l->path);
		return LINK_REFUSED;
	}
	if (l->qmp.error[0]) {
		err_set(err, "%s: %s", l->path, l->qmp.error);
		return LINK_REFUSED;
	}
	if (l->qmp.fd < 0) {
		err_set(err, "%s: the other side closed the connection", l->path);
		return LINK_GONE;
	}
	err_set(err, "%s: no greeting in %d.%d s: another client may hold this monitor, or"
		" QEMU hangs", l->path, timeout_ms / 1000, timeout_ms / 100 % 10);
	return LINK_TIMEOUT;
}

enum link_result
link_open(struct link *l, const char *path, int timeout_ms, struct err *err)
{
	int64_t until = deadline(timeout_ms);
	int fd = local_socket_connect(path);

	memset(l, 0, sizeof(*l));
	l->path = xstrdup(path);
	qmp_init(&l->qmp, fd);
	if (fd < 0)
		return no_connection(path, err);
	l->qmp.owner = l;
	l->qmp.event = on_event;
	while (l->qmp.fd >= 0 && !l->qmp.ready && !l->qmp.foreign && !l->qmp.error[0])
		if (!take_more(l, until))
			break;
	return l->qmp.ready ? LINK_DONE : no_greeting(l, timeout_ms, err);
}

static void
on_reply(void *owner, json_t *value, json_t *error)
{
	struct link *l = owner;

	l->answered = true;
	l->value = json_incref(value);
	l->error = json_incref(error);
}

static enum link_result
refused(struct link *l, const char *command, struct err *err)
{
	const char *desc = json_string_value(json_object_get(l->error, "desc"));

	err_set(err, "QEMU refuses %s: %s", command, desc ? desc : "it does not say why");
	json_decref(take(l->error));
	return LINK_REFUSED;
}

enum link_result
link_call(struct link *l, const char *command, json_t *arguments, int timeout_ms,
	json_t **value, struct err *err)
{
	int64_t until = deadline(timeout_ms);
	bool sent;

	l->answered = false;
	sent = qmp_ask(&l->qmp, command, arguments, on_reply, l);
	while (sent && !l->answered)
		if (!take_more(l, until))
			break;
	if (l->error)
		return refused(l, command, err);
	if (l->value) {
		if (value)
			*value = l->value;
		else
			json_decref(l->value);
		l->value = NULL;
		return LINK_DONE;
	}
	if (!sent || l->answered) {
		err_set(err, "%s: QEMU went before it answered %s", l->path, command);
		return LINK_GONE;
	}
	/* It may come yet, when something else was asked. */
	qmp_forget(&l->qmp);
	err_set(err, "%s: no answer to %s in %d.%d s", l->path, command, timeout_ms / 1000,
		timeout_ms / 100 % 10);
	return LINK_TIMEOUT;
}

enum link_result
link_wait_end(struct link *l, int timeout_ms)
{
	int64_t until = deadline(timeout_ms);

	while (l->qmp.fd >= 0 && !l->shutdown[0])
		if (!take_more(l, until))
			return LINK_TIMEOUT;
	return LINK_DONE;
}

void
link_close(struct link *l)
{
	qmp_release(&l->qmp);
	json_decref(take(l->value));
	json_decref(take(l->error));
	free(take(l->path));
}

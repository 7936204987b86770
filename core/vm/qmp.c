/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why QMP and not signals: it tells when the machine really ended and why
 * (guest-reset, guest-shutdown, host-qmp-quit), and that KVM gave up, which
 * looks like silence from outside.
 */
#include "vm/qmp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* No message that we ask for is near this; a stream without line ends is. */
enum { QMP_MESSAGE_MAX = 1 << 20 };

/* Commands that a QEMU which hangs did not take yet. */
enum { QMP_OUT_MAX = 4 << 20 };

void
qmp_init(struct qmp *qmp, int fd)
{
	*qmp = (struct qmp){ .fd = fd };
}

struct qmp_command {
	struct qmp_command *next;
	long long id;
	qmp_reply *on_reply; /* NULL: nobody waits for it */
	void *owner;
};

/* Takes a command off the list and tells its owner. */
static void
reply(struct qmp_command **at, json_t *value, json_t *error)
{
	struct qmp_command *c = *at;
	qmp_reply *on_reply = c->on_reply;
	void *owner = c->owner;

	*at = c->next;
	free(c);
	if (on_reply)
		on_reply(owner, value, error);
}

void
qmp_forget(struct qmp *qmp)
{
	for (struct qmp_command *c = qmp->waiting; c; c = c->next)
		c->on_reply = NULL;
}

static void
qmp_close(struct qmp *qmp)
{
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
	qmp->ready = false;
	while (qmp->waiting)
		reply(&qmp->waiting, NULL, NULL);
}

void
qmp_release(struct qmp *qmp)
{
	qmp_close(qmp);
	free(qmp->text);
	free(qmp->out);
	qmp->text = qmp->out = NULL;
	qmp->used = qmp->room = qmp->out_used = 0;
}

void
qmp_flush(struct qmp *qmp)
{
	while (qmp->fd >= 0 && qmp->out_used > 0) {
		ssize_t n = send(qmp->fd, qmp->out, qmp->out_used, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* the stream's end is told by reading */
		qmp->out_used -= (size_t)n;
		memmove(qmp->out, qmp->out + n, qmp->out_used);
	}
}

/* Takes the text for QEMU; false without room, or at the end of the stream. */
static bool
queue(struct qmp *qmp, const char *text, size_t size)
{
	char *out;

	if (size > QMP_OUT_MAX || qmp->out_used > QMP_OUT_MAX - size)
		return false;
	out = realloc(qmp->out, qmp->out_used + size);
	if (!out)
		return false;
	qmp->out = out;
	memcpy(out + qmp->out_used, text, size);
	qmp->out_used += size;
	qmp_flush(qmp);
	return true;
}

/* The command as QEMU wants it, with a line end; NULL without memory. */
static char *
command_text(const char *command, json_t *arguments, long long id)
{
	json_t *o = json_pack("{s:s, s:O*, s:I}", "execute", command, "arguments", arguments,
	                      "id", (json_int_t)id);
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	size_t n = text ? strlen(text) : 0;
	char *line = text ? realloc(text, n + 2) : NULL;

	if (line)
		memcpy(line + n, "\n", 2);
	else
		free(text);
	json_decref(o);
	return line;
}

static bool
send_command(struct qmp *qmp, const char *command, json_t *arguments, qmp_reply *on_reply,
             void *owner)
{
	struct qmp_command *c = malloc(sizeof(*c));
	char *text = command_text(command, arguments, ++qmp->last_id);
	bool sent = c && text && queue(qmp, text, strlen(text));

	free(text);
	if (!sent) {
		free(c);
		return false;
	}
	*c = (struct qmp_command){ qmp->waiting, qmp->last_id, on_reply, owner };
	qmp->waiting = c;
	return true;
}

bool
qmp_ask(struct qmp *qmp, const char *command, json_t *arguments, qmp_reply *on_reply,
        void *owner)
{
	bool sent = qmp->fd >= 0 && qmp->ready &&
	            send_command(qmp, command, arguments, on_reply, owner);

	json_decref(arguments);
	return sent;
}

bool
qmp_execute(struct qmp *qmp, const char *command)
{
	return qmp_ask(qmp, command, NULL, NULL, NULL);
}

static void
negotiated(void *owner, json_t *value, json_t *error)
{
	struct qmp *qmp = owner;

	if (!value || error)
		return;
	qmp->ready = true;
	if (qmp->on_ready)
		qmp->on_ready(qmp->owner);
}

static void
greeted(struct qmp *qmp, json_t *greeting)
{
	json_int_t major = 0, minor = 0, micro = 0;

	if (json_unpack(greeting, "{s:{s:{s:I,s:I,s:I}}}", "version", "qemu", "major",
	                &major, "minor", &minor, "micro", &micro) == 0)
		snprintf(qmp->version, sizeof(qmp->version), "%lld.%lld.%lld",
		         (long long)major, (long long)minor, (long long)micro);
	send_command(qmp, "qmp_capabilities", NULL, negotiated, qmp);
}

/* One that nobody asked for is no answer, whatever it says. */
static void
answered(struct qmp *qmp, json_t *msg, json_t *value, json_t *error)
{
	json_t *id = json_object_get(msg, "id");
	const char *desc = json_string_value(json_object_get(error, "desc"));

	if (desc)
		snprintf(qmp->error, sizeof(qmp->error), "%s", desc);
	for (struct qmp_command **at = &qmp->waiting; json_is_integer(id) && *at;
	     at = &(*at)->next)
		if ((*at)->id == json_integer_value(id)) {
			reply(at, value, error);
			return;
		}
}

static void
message(struct qmp *qmp, json_t *msg)
{
	json_t *greeting = json_object_get(msg, "QMP");
	json_t *value = json_object_get(msg, "return"), *error = json_object_get(msg, "error");
	const char *event = json_string_value(json_object_get(msg, "event"));

	if (greeting) {
		greeted(qmp, greeting);
	} else if (event) {
		if (qmp->event)
			qmp->event(qmp->owner, event, json_object_get(msg, "data"));
		if (qmp->message)
			qmp->message(qmp->owner, msg);
	} else if (value || error) {
		answered(qmp, msg, value, error);
	} else {
		qmp->foreign = true;
	}
}

/* Takes every complete line out of the buffer. */
static void
take_lines(struct qmp *qmp)
{
	size_t start = 0;
	char *end;

	while ((end = memchr(qmp->text + start, '\n', qmp->used - start))) {
		size_t size = (size_t)(end - (qmp->text + start));
		json_t *msg = json_loadb(qmp->text + start, size, 0, NULL);

		if (msg)
			message(qmp, msg);
		else
			qmp->foreign = true;
		json_decref(msg);
		start += size + 1;
	}
	qmp->used -= start;
	memmove(qmp->text, qmp->text + start, qmp->used);
}

static bool
make_room(struct qmp *qmp)
{
	size_t room = qmp->room ? qmp->room * 2 : 4096;
	char *text;

	if (qmp->used < qmp->room)
		return true;
	if (room > QMP_MESSAGE_MAX)
		return false;
	text = realloc(qmp->text, room);
	if (!text)
		return false;
	qmp->text = text;
	qmp->room = room;
	return true;
}

bool
qmp_read(struct qmp *qmp)
{
	qmp_flush(qmp);
	while (qmp->fd >= 0) {
		ssize_t n = -1;

		errno = ENOMEM;
		if (make_room(qmp))
			n = recv(qmp->fd, qmp->text + qmp->used, qmp->room - qmp->used,
			         MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (n <= 0) {
			qmp_close(qmp);
			return false;
		}
		qmp->used += (size_t)n;
		take_lines(qmp);
	}
	return false;
}

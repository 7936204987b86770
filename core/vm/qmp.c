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

void
qmp_init(struct qmp *qmp, int fd)
{
	*qmp = (struct qmp){ .fd = fd };
}

static void
qmp_close(struct qmp *qmp)
{
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
	qmp->ready = false;
}

void
qmp_release(struct qmp *qmp)
{
	qmp_close(qmp);
	free(qmp->text);
	qmp->text = NULL;
	qmp->used = qmp->room = 0;
}

static bool
send_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = send(fd, text, size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		size -= (size_t)n;
	}
	return true;
}

static bool
send_command(struct qmp *qmp, const char *command)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "{\"execute\":\"%s\"}\n", command);

	return n > 0 && (size_t)n < sizeof(text) && send_all(qmp->fd, text, (size_t)n);
}

bool
qmp_execute(struct qmp *qmp, const char *command)
{
	return qmp->fd >= 0 && qmp->ready && send_command(qmp, command);
}

static void
greeted(struct qmp *qmp, json_t *greeting)
{
	json_int_t major = 0, minor = 0, micro = 0;

	if (json_unpack(greeting, "{s:{s:{s:I,s:I,s:I}}}", "version", "qemu", "major",
	                &major, "minor", &minor, "micro", &micro) == 0)
		snprintf(qmp->version, sizeof(qmp->version), "%lld.%lld.%lld",
		         (long long)major, (long long)minor, (long long)micro);
	send_command(qmp, "qmp_capabilities");
}

/* The first answer is the one to qmp_capabilities. */
static void
answered(struct qmp *qmp)
{
	if (qmp->ready)
		return;
	qmp->ready = true;
	if (qmp->on_ready)
		qmp->on_ready(qmp->owner);
}

static void
message(struct qmp *qmp, json_t *msg)
{
	json_t *greeting = json_object_get(msg, "QMP");
	const char *event = json_string_value(json_object_get(msg, "event"));
	json_t *error = json_object_get(msg, "error");
	const char *desc = json_string_value(json_object_get(error, "desc"));

	if (greeting)
		greeted(qmp, greeting);
	else if (event && qmp->event)
		qmp->event(qmp->owner, event, json_object_get(msg, "data"));
	else if (json_object_get(msg, "return"))
		answered(qmp);
	else if (desc)
		snprintf(qmp->error, sizeof(qmp->error), "%s", desc);
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

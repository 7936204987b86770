/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The ways in which a guest is ended: asked in the way that its init said it can be, with a
 * deadline, or not asked. And its reset, which must not become an end.
 */
#include "supervisor/supervisor.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/vsock.h"

enum { VSOCK_MS = 1000, CRASHED_MS = 2000 };

static const char line[] = "poweroff\n";

/* A control port holds the line until the guest reads it, also one that boots still. */
static void
ask_by_port(struct supervisor *s)
{
	static const char full[] = "msmv: the control port is full\n";

	if (s->qemu.control >= 0 && send(s->qemu.control, line, sizeof(line) - 1,
			MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		journal_write(&s->qemu_log, full, sizeof(full) - 1);
}

/* The connection is kept: closed at once, it might go before the guest has read. */
static bool
ask_by_vsock(struct supervisor *s)
{
	struct pollfd p = { -1, POLLOUT, 0 };

	if (!s->vsock.cid)
		return false;
	if (s->asked_vsock >= 0)
		close(s->asked_vsock);
	s->asked_vsock = p.fd = vsock_connect(s->vsock.cid, VSOCK_CONTROL_PORT);
	return p.fd >= 0 && poll(&p, 1, VSOCK_MS) == 1 &&
	       send(p.fd, line, sizeof(line) - 1, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}

/* False if nobody in the guest can hear of it. */
static bool
ask(struct supervisor *s)
{
	const char *control = s->life.control;
	bool known = control[0] != '\0', serial = strstr(control, "serial");
	bool button = strstr(control, "button") || (!known && s->button);
	bool vsock = known && !serial && !button && strstr(control, "vsock");

	if (s->life.off) { /* it has ended: QEMU is to, now */
		qmp_execute(&s->qmp, "quit");
		return true;
	}
	if (s->life.certain || (known && !serial && !button && !vsock))
		return false;
	if (s->life.paused)
		qmp_execute(&s->qmp, "cont");
	if (serial || !known)
		ask_by_port(s);
	if (button && !serial)
		qmp_execute(&s->qmp, "system_powerdown");
	return !vsock || ask_by_vsock(s);
}

/* Before that nobody knew how to ask this guest, and nobody may have heard. */
void
stop_ask_again(struct supervisor *s)
{
	s->unasked = !ask(s);
	if (s->unasked)
		s->deadline_ms = clock_now_ms();
}

void
stop_begin(struct supervisor *s, int64_t timeout_ms)
{
	int64_t now = clock_now_ms();

	if (s->life.ended)
		return;
	if (!s->asked_ms) {
		s->asked_ms = now;
		s->unasked = !ask(s);
		if (s->unasked)
			timeout_ms = 0;
		else if (s->life.trouble[0] && timeout_ms > CRASHED_MS)
			timeout_ms = CRASHED_MS; /* its console says so; if not, it hears */
		life_ask(&s->life);
		s->deadline_ms = now + timeout_ms;
	} else if (now + timeout_ms < s->deadline_ms) {
		s->deadline_ms = now + timeout_ms; /* who is in more of a hurry */
	}
	if (timeout_ms == 0)
		stop_force(s);
}

void
stop_overdue(struct supervisor *s)
{
	if (s->asked_ms) {
		stop_force(s);
		return;
	}
	snprintf(s->words, sizeof(s->words), "it has not started a machine in %.1f s",
		(double)(clock_now_ms() - s->began_ms) / 1000);
	qemu_kill(&s->qemu);
}

void
stop_force(struct supervisor *s)
{
	if (!s->asked_ms)
		s->asked_ms = clock_now_ms();
	s->deadline_ms = 0;
	life_force(&s->life);
	qemu_kill(&s->qemu);
}

void
stop_reset_done(struct supervisor *s)
{
	json_t *action = json_pack("{s:s}", "reboot", "shutdown");

	s->restore_reboot = false;
	qmp_ask(&s->qmp, "set-action", action, NULL, NULL);
}

void
stop_and_reset(struct supervisor *s, qmp_reply *on_reply, void *owner)
{
	/* QEMU ends at a reset (-no-reboot), at one that is asked for as well. */
	if (json_is_true(json_object_get(s->config, "ends_at_reset"))) {
		s->restore_reboot = true;
		qmp_ask(&s->qmp, "set-action", json_pack("{s:s}", "reboot", "reset"), NULL,
			NULL);
	}
	if (!qmp_ask(&s->qmp, "system_reset", NULL, on_reply, owner))
		on_reply(owner, NULL, NULL);
}

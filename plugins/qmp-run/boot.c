/* SPDX-License-Identifier: GPL-3.0-only */
/* Runs one boot from start to verdict. What is heard meanwhile is listen.c's. */
#include "boot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "budget.h"
#include "verdict.h"
#include "vm/argv.h"

enum {
	TURN_MS = 100,      /* so soon a wish to stop is seen */
	WORDS_MS = 300,     /* for the rest of a panic's or an init's last words */
	GOODBYE_MS = 5000,  /* from an application's exit to the end of the machine */
	BUTTON_MS = 10000,  /* from the power button to the end of the machine */
	LEFT_MS = 200       /* for what an ended QEMU has left in its sockets */
};

static void
log_argv(struct boot *b, char *const *argv)
{
	char *text = argv_text(argv);

	if (text)
		b->stage->host->log(b->stage, MSMV_LOG_INFO, "+ %s", text);
	free(text);
}

/* The device that holds the guest's number is for QEMU, and for no other child. */
static void
hand_over_vsock(const struct boot *b, bool over)
{
	if (b->vsock && b->vsock->device >= 0)
		fcntl(b->vsock->device, F_SETFD, over ? 0 : FD_CLOEXEC);
}

static int
start(struct boot *b)
{
	bool ok = qemu_open(&b->qemu, b->rules->powerdown && !b->rules->button) &&
	          qemu_listen_only(&b->qemu);
	char **argv;

	boot_listen(b);
	if (!ok)
		return boot_fail(b, MSMV_FAIL_SYSTEM, "no socket or pipe for QEMU: %s",
		                 strerror(errno));
	argv = guest_argv(b->guest, b->qemu_name, &b->qemu.its);
	if (!argv)
		return boot_fail(b, MSMV_FAIL_SYSTEM, "no memory for the command line");
	log_argv(b, argv);
	b->started = b->heard = boot_now();
	hand_over_vsock(b, true);
	ok = qemu_start(&b->qemu, argv);
	hand_over_vsock(b, false);
	argv_free(argv);
	if (!ok)
		return boot_fail(b, MSMV_FAIL_TOOL, "cannot start %s: %s", b->qemu_name,
		                 strerror(errno));
	return 0;
}

static int
wait_ready(struct boot *b)
{
	while (!b->ready || !b->expected) {
		if (!boot_hear(b, TURN_MS)) {
			if (b->code || (b->ready && b->expected))
				break;
			return verdict_early_end(b);
		}
		if (b->code || verdict_clocks(b) < 0)
			return -1;
	}
	return b->code ? -1 : 0;
}

/* Listens until the guest ended or the time is over. */
static int
wait_end(struct boot *b, int64_t milliseconds)
{
	int64_t from = boot_now();
	bool ending = verdict_is_ending(b);

	for (;;) {
		int64_t left = from + milliseconds - boot_now();

		if (b->code || boot_judge(b) < 0)
			return -1;
		if (!ending && verdict_is_ending(b)) {
			ending = true;
			milliseconds += GOODBYE_MS;
		} else if (left <= 0) {
			return 0;
		} else if (!boot_hear(b, left < TURN_MS ? left : TURN_MS)) {
			if (!verdict_ended(b))
				return boot_fail(b, MSMV_FAIL_TOOL,
				                 "%s hangs at the guest's end", b->qemu_name);
			b->end = "guest";
			return verdict_late_end(b);
		}
	}
}

/* ready is seen. Its application may fail at once, which is not a proof of much. */
static int
wait_application(struct boot *b)
{
	int64_t linger = b->rules->linger + (verdict_is_ending(b) ? GOODBYE_MS : 0);

	if (wait_end(b, linger) < 0)
		return -1;
	if (!b->end && verdict_is_ending(b))
		b->stage->host->log(b->stage, MSMV_LOG_WARNING,
		                    "the guest says that it ends, but does not");
	return 0;
}

/* By the button of a machine that has one, else through the control port of its init. */
static bool
ask_to_end(struct boot *b)
{
	static const char word[] = "poweroff\n";
	ssize_t n = sizeof(word) - 1;

	if (b->rules->button)
		return qmp_execute(&b->qmp, "system_powerdown");
	return send(b->qemu.control, word, (size_t)n, MSG_NOSIGNAL) == n;
}

static int
press_button(struct boot *b)
{
	if (b->end || !b->rules->powerdown)
		return 0;
	b->powering_down = true;
	if (!ask_to_end(b))
		return boot_fail(b, MSMV_FAIL_TOOL, "%s takes no command", b->qemu_name);
	if (wait_end(b, BUTTON_MS) < 0)
		return -1;
	if (!b->end)
		return boot_fail(b, MSMV_FAIL_RECIPE,
		                 "the guest does not power off in %d s after %s",
		                 BUTTON_MS / 1000,
		                 b->rules->button ? "its power button"
		                                  : "it was told to by its control port");
	b->end = "powerdown";
	return 0;
}

/* After a verdict of failure: the rest of a call trace is worth a moment. */
static void
hear_out(struct boot *b, int64_t milliseconds)
{
	int64_t until = boot_now() + milliseconds;

	while (boot_now() < until && boot_hear(b, until - boot_now()))
		;
}

static void
end(struct boot *b)
{
	int sig = 0;

	if (!b->end && b->qemu.pid > 0) {
		b->end = "quit";
		if (!qmp_execute(&b->qmp, "quit") || !qemu_wait(&b->qemu, VERDICT_QUIT_MS))
			sig = qemu_kill(&b->qemu);
		if (sig)
			b->end = sig == SIGTERM ? "sigterm" : "sigkill";
	}
	hear_out(b, LEFT_MS);
	console_flush(&b->console);
}

int
boot_run(struct boot *b)
{
	if (start(b) == 0) {
		if (wait_ready(b) < 0 || checks_run(b) < 0 || wait_application(b) < 0 ||
		    press_button(b) < 0)
			hear_out(b, WORDS_MS);
		end(b);
	}
	b->end_ms = boot_now() - b->started;
	snprintf(b->qemu_version, sizeof(b->qemu_version), "%s", b->qmp.version);
	qemu_release(&b->qemu);
	qmp_release(&b->qmp);
	b->rss_kib = b->qemu.rss_kib;
	return b->code ? -1 : budget_check(b);
}

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
#include <sys/wait.h>

#include "budget.h"
#include "vm/argv.h"

enum {
	TURN_MS = 100,      /* so soon a wish to stop is seen */
	WORDS_MS = 300,     /* for the rest of a panic's or an init's last words */
	GOODBYE_MS = 5000,  /* from an application's exit to the end of the machine */
	BUTTON_MS = 10000,  /* from the power button to the end of the machine */
	QUIT_MS = 2000,
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

/* QEMU went away by itself: that is its failure when its status says so. */
static int
judge_end(struct boot *b)
{
	int status = b->qemu.status;

	if (WIFSIGNALED(status)) {
		b->lifeless = true;
		return boot_fail(b, MSMV_FAIL_TOOL, "%s is ended by signal %d (%s)%s%s",
		                 b->qemu_name, WTERMSIG(status),
		                 strsignal(WTERMSIG(status)), b->complaint[0] ? ": " : "",
		                 b->complaint);
	}
	if (WEXITSTATUS(status)) {
		b->lifeless = true;
		return boot_fail(b, MSMV_FAIL_TOOL, "%s ends with status %d: %s",
		                 b->qemu_name, WEXITSTATUS(status),
		                 b->complaint[0] ? b->complaint : "it does not say why");
	}
	if (!b->qmp.version[0])
		return boot_fail(b, MSMV_FAIL_TOOL, "%s ends without starting a machine",
		                 b->qemu_name);
	return 0;
}

/* The words of QMP's shutdown reasons that a guest can cause. */
static const char *
reason_text(const char *reason)
{
	static const struct {
		const char *reason, *text;
	} table[] = {
		{ "guest-reset", "resets itself" },
		{ "guest-shutdown", "powers off" },
		{ "guest-panic", "panics" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(reason, table[i].reason) == 0)
			return table[i].text;
	return "ends";
}

/* What a guest still owes. */
static const char *
missing(struct boot *b)
{
	static char text[256];

	if (!b->ready)
		return "has not said that it is ready";
	snprintf(text, sizeof(text), "is ready, but has not printed \"%s\"",
	         b->rules->expect);
	return text;
}

/* Nothing to hear any more: all is read, so QEMU's end is all that is left. */
static bool
ended(struct boot *b)
{
	return qemu_wait(&b->qemu, QUIT_MS);
}

static int
judge_early_end(struct boot *b)
{
	if (!ended(b))
		return boot_fail(b, MSMV_FAIL_TOOL, "%s hangs up", b->qemu_name);
	b->lifeless = b->console.bytes == 0;
	if (judge_end(b) < 0)
		return -1;
	if (b->lifeless)
		return boot_fail(b, MSMV_FAIL_RECIPE,
		                 "the guest %s after %.1f s without a word on the console:"
		                 " is memory (%lld MiB) enough for what it boots?",
		                 reason_text(b->reason), (double)(boot_now() - b->started) / 1000,
		                 (long long)(b->guest->memory >> 20));
	return boot_fail(b, MSMV_FAIL_RECIPE, "the guest %s after %.1f s and %s;"
	                 " its last line: %s", reason_text(b->reason),
	                 (double)(boot_now() - b->started) / 1000, missing(b),
	                 b->last[0] ? b->last : "(none)");
}

bool
boot_over(const struct boot *b)
{
	return b->code || b->gone || b->stopped;
}

int
boot_judge(struct boot *b)
{
	if (b->stage->host->cancelled(b->stage))
		return boot_fail(b, MSMV_FAIL_SYSTEM, "interrupted");
	if (!b->stopped)
		return 0;
	boot_hear(b, 0); /* why, which QEMU says elsewhere */
	b->lifeless = true;
	return boot_fail(b, MSMV_FAIL_TOOL, "%s stops the guest: %s", b->qemu_name,
	                 b->complaint[0] ? b->complaint : "it does not say why");
}

static int
judge_silence(struct boot *b, int64_t quiet)
{
	if (!b->qmp.version[0])
		return boot_fail(b, MSMV_FAIL_TOOL,
		                 "%s has not started a machine in %.0f s: it does not"
		                 " speak QMP", b->qemu_name, (double)quiet / 1000);
	if (b->console.bytes == 0)
		return boot_fail(b, MSMV_FAIL_RECIPE,
		                 "no sign of life from the guest in %.0f s: nothing on"
		                 " the console; does the command line name it (%s), has"
		                 " the kernel a driver for it, and is memory (%lld MiB)"
		                 " enough?", (double)quiet / 1000,
		                 b->guest->cmdline ? b->guest->cmdline : "in the UKI",
		                 (long long)(b->guest->memory >> 20));
	return boot_fail(b, MSMV_FAIL_RECIPE,
	                 "the guest is silent for %.0f s and %s; its last line: %s",
	                 (double)quiet / 1000, missing(b),
	                 b->last[0] ? b->last : "(blank)");
}

static int
judge_timeout(struct boot *b)
{
	return boot_fail(b, MSMV_FAIL_RECIPE,
	                 "%.0f s are over and the guest %s; its last line: %s",
	                 (double)b->rules->timeout / 1000, missing(b),
	                 b->last[0] ? b->last : "(none)");
}

/* One look at the clocks. Returns -1 when one of them has run out. */
static int
judge_clocks(struct boot *b)
{
	const struct boot_rules *r = b->rules;
	int64_t now = boot_now(), quiet = now - b->heard;

	if (boot_judge(b) < 0)
		return -1;
	if (r->life && b->console.bytes == 0 && quiet >= r->life) {
		b->lifeless = true;
		b->blames_kvm = b->qmp.version[0] && !qemu_wait(&b->qemu, 0);
		return judge_silence(b, quiet);
	}
	if (now - b->started >= r->timeout)
		return judge_timeout(b);
	return quiet >= r->silence ? judge_silence(b, quiet) : 0;
}

static int
wait_ready(struct boot *b)
{
	while (!b->ready || !b->expected) {
		if (!boot_hear(b, TURN_MS)) {
			if (b->code || (b->ready && b->expected))
				break;
			return judge_early_end(b);
		}
		if (b->code || judge_clocks(b) < 0)
			return -1;
	}
	return b->code ? -1 : 0;
}

/* Whether an application's end is about to end the machine. */
static bool
is_ending(const struct boot *b)
{
	const char *then = b->exit_count ? b->exits[b->exit_count - 1].then : "";

	return b->halt[0] || strcmp(then, "poweroff") == 0 || strcmp(then, "reboot") == 0;
}

/* A guest that was ready and went without a word has crashed. */
static int
judge_late_end(struct boot *b)
{
	if (judge_end(b) < 0)
		return -1;
	if (b->powering_down || is_ending(b))
		return 0;
	return boot_fail(b, MSMV_FAIL_RECIPE,
	                 "the guest %s %.0f ms after it was ready, without ending in"
	                 " order",
	                 reason_text(b->reason),
	                 (double)(boot_now() - b->started - b->ready_ms));
}

/* Listens until the guest ended or the time is over. */
static int
wait_end(struct boot *b, int64_t milliseconds)
{
	int64_t from = boot_now();
	bool ending = is_ending(b);

	for (;;) {
		int64_t left = from + milliseconds - boot_now();

		if (b->code || boot_judge(b) < 0)
			return -1;
		if (!ending && is_ending(b)) {
			ending = true;
			milliseconds += GOODBYE_MS;
		} else if (left <= 0) {
			return 0;
		} else if (!boot_hear(b, left < TURN_MS ? left : TURN_MS)) {
			if (!ended(b))
				return boot_fail(b, MSMV_FAIL_TOOL,
				                 "%s hangs at the guest's end", b->qemu_name);
			b->end = "guest";
			return judge_late_end(b);
		}
	}
}

/* ready is seen. Its application may fail at once, which is not a proof of much. */
static int
wait_application(struct boot *b)
{
	int64_t linger = b->rules->linger + (is_ending(b) ? GOODBYE_MS : 0);

	if (wait_end(b, linger) < 0)
		return -1;
	if (!b->end && is_ending(b))
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
		if (!qmp_execute(&b->qmp, "quit") || !qemu_wait(&b->qemu, QUIT_MS))
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

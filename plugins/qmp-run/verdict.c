/* SPDX-License-Identifier: GPL-3.0-only */
/* What a boot has come to, when nothing more is heard, or not in time. */
#include "verdict.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

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
bool
verdict_ended(struct boot *b)
{
	return qemu_wait(&b->qemu, VERDICT_QUIT_MS);
}

int
verdict_early_end(struct boot *b)
{
	if (!verdict_ended(b))
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
int
verdict_clocks(struct boot *b)
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

/* Whether an application's end is about to end the machine. */
bool
verdict_is_ending(const struct boot *b)
{
	const char *then = b->exit_count ? b->exits[b->exit_count - 1].then : "";

	return b->halt[0] || strcmp(then, "poweroff") == 0 || strcmp(then, "reboot") == 0;
}

/* A guest that was ready and went without a word has crashed. */
int
verdict_late_end(struct boot *b)
{
	if (judge_end(b) < 0)
		return -1;
	if (b->powering_down || verdict_is_ending(b))
		return 0;
	return boot_fail(b, MSMV_FAIL_RECIPE,
	                 "the guest %s %.0f ms after it was ready, without ending in"
	                 " order",
	                 reason_text(b->reason),
	                 (double)(boot_now() - b->started - b->ready_ms));
}

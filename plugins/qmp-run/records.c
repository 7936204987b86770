/* SPDX-License-Identifier: GPL-3.0-only */
/* The records of the guest's init, and the last words of its kernel. */
#include "records.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* For the report, which is text: long names are cut, other bytes than ASCII marked. */
static void
copy_field(char *to, size_t size, const struct record *r, const char *name)
{
	const char *value = record_get(r, name);

	snprintf(to, size, "%s", value ? value : "");
	for (; *to; to++)
		if ((unsigned char)*to >= 0x80)
			*to = '?';
}

static void
on_ready(struct boot *b, const struct record *r)
{
	if (b->ready)
		return;
	b->ready = true;
	b->ready_ms = boot_now() - b->started;
	b->phases.ready_ms = b->ready_ms;
	b->phases.boottime_us = record_int(r, "boottime_us", 0);
	b->phases.init_us = record_int(r, "init_us", 0);
	b->apps = record_int(r, "apps", 0);
}

/* A recipe that says what to mount has said nothing yet of what there is under proof. */
static const char *
mount_hint(const char *step, const char *text, int64_t error)
{
	if (!step || !text || strcmp(step, "mount") != 0 || error != ENOENT)
		return "";
	if (strstr(text, " 9p "))
		return "; [run] shares = [\"TAG\"] gives the proof an empty folder to mount";
	return strstr(text, " /dev/vd")
	               ? "; [run] disks = [\"64M\"] gives the proof a blank disk to mount"
	               : "";
}

static void
on_fail(struct boot *b, const struct record *r)
{
	const char *step = record_get(r, "step");
	int64_t error = record_int(r, "errno", 0);

	boot_fail(b, MSMV_FAIL_RECIPE, "the guest's init fails at step %s: %s%s",
	          step ? step : "?",
	          r->text ? r->text : error ? strerror((int)error) : "no reason given",
	          mount_hint(step, r->text, error));
}

/* Whoever is asked to end ends as it likes, by its stop signal for one; but not so. */
static bool
is_crash(int64_t signal)
{
	static const int all[] = { SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (signal == all[i])
			return true;
	return false;
}

static void
on_exit_record(struct boot *b, const struct record *r)
{
	struct boot_exit e;

	copy_field(e.app, sizeof(e.app), r, "app");
	copy_field(e.then, sizeof(e.then), r, "then");
	e.code = record_int(r, "code", -1);
	e.signal = record_int(r, "signal", 0);
	if (b->exit_count < BOOT_EXITS_MAX)
		b->exits[b->exit_count++] = e;
	/* Before ready a fail record follows, which says more. */
	if (!b->ready || b->rules->exit_code < 0 || e.code == b->rules->exit_code)
		return;
	if (b->powering_down && !is_crash(e.signal))
		return;
	if (e.signal)
		boot_fail(b, MSMV_FAIL_RECIPE,
		          "the application %s is ended by signal %lld (%s)", e.app,
		          (long long)e.signal, strsignal((int)e.signal));
	else
		boot_fail(b, MSMV_FAIL_RECIPE, "the application %s ends with status %lld",
		          e.app, (long long)e.code);
}

static void
on_halt(struct boot *b, const struct record *r)
{
	copy_field(b->halt, sizeof(b->halt), r, "action");
	if (!b->ready)
		boot_fail(b, MSMV_FAIL_RECIPE, "the guest ends (%s) without being ready",
		          b->halt);
}

static void
on_steps(struct boot *b, const struct record *r)
{
	if (!b->ready)
		phases_steps(&b->phases, r);
}

void
records_take(struct boot *b, const struct record *r)
{
	static const struct {
		const char *type;
		void (*on)(struct boot *, const struct record *);
	} table[] = {
		{ "ready", on_ready },
		{ "steps", on_steps },
		{ "fail", on_fail },
		{ "exit", on_exit_record },
		{ "halt", on_halt },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(r->type, table[i].type) == 0)
			table[i].on(b, r);
}

void
records_last_words(struct boot *b, const char *line)
{
	static const char panic[] = "not syncing";
	const char *said = strstr(line, panic);

	switch (console_last_words(line)) {
	case WORDS_NONE:
		return;
	case WORDS_PANIC:
		said = said ? said + sizeof(panic) - 1 : "";
		boot_fail(b, MSMV_FAIL_RECIPE, "kernel panic%s", said);
		return;
	case WORDS_OOPS:
		boot_fail(b, MSMV_FAIL_RECIPE, "the kernel crashes: %s", line);
		return;
	case WORDS_FIRMWARE:
		if (b->guest->firmware && b->console.bytes && !b->ready)
			boot_fail(b, MSMV_FAIL_INPUT,
			          "the firmware does not start the UKI: is it whole, and"
			          " is memory (%lld MiB) enough for it?",
			          (long long)(b->guest->memory >> 20));
		return;
	case WORDS_HALTED:
		if (!b->ready)
			boot_fail(b, MSMV_FAIL_RECIPE,
			          "the guest halts without being ready");
		return;
	}
}

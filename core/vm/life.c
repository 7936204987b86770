/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Facts and not states are kept, and the state is derived from them: that of a VM which
 * is paused while it is asked to stop needs no transition of its own.
 */
#include "vm/life_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vm/console.h"

void
life_init(struct life *l)
{
	*l = (struct life){ .code = -1 };
}

/* The first trouble counts: what follows comes of it. Anything in the guest may print words;
   certain is only what QEMU says. */
__attribute__((format(printf, 3, 4))) static void
trouble(struct life *l, bool certain, const char *fmt, ...)
{
	va_list ap;

	l->certain |= certain;
	if (l->trouble[0])
		return;
	va_start(ap, fmt);
	vsnprintf(l->trouble, sizeof(l->trouble), fmt, ap);
	va_end(ap);
	life_only_ascii(l->trouble);
	life_tell(l, "crashed", json_pack("{s:s}", "why", l->trouble));
}

static void
on_stop(struct life *l, json_t *data)
{
	(void)data;
	l->paused = true;
	/* QEMU says this after the end of its guest only if it stays. */
	l->off = l->shutdown[0] != '\0';
	life_tell(l, l->off ? "off" : "paused", NULL);
}

static void
on_resume(struct life *l, json_t *data)
{
	bool first = !l->up;

	(void)data;
	l->up = true;
	l->paused = l->off = false;
	l->io_error[0] = '\0';
	life_tell(l, first ? "started" : "resumed", NULL);
}

/* A guest that starts again knows nothing of what it said before. */
static void
on_reset(struct life *l, json_t *data)
{
	const char *reason = json_string_value(json_object_get(data, "reason"));

	l->ready = l->halted = l->certain = l->booted = l->off = false;
	l->trouble[0] = l->halt[0] = l->halt_reason[0] = l->control[0] = l->shutdown[0] = '\0';
	l->code = -1;
	life_tell(l, "reset", json_pack("{s:s*}", "reason", reason));
}

static void
on_shutdown(struct life *l, json_t *data)
{
	const char *reason = json_string_value(json_object_get(data, "reason"));

	if (l->off)
		return; /* QEMU's own end: the guest had its */
	life_say(l->shutdown, sizeof(l->shutdown), "%s", reason ? reason : "unknown");
	life_tell(l, "shutdown", json_pack("{s:s}", "reason", l->shutdown));
}

/* QEMU stops the guest for it, or tells the guest; what the reason is only this event says. */
static void
on_io_error(struct life *l, json_t *data)
{
	const char *device = json_string_value(json_object_get(data, "device"));
	const char *node = json_string_value(json_object_get(data, "node-name"));
	const char *reason = json_string_value(json_object_get(data, "reason"));
	const char *action = json_string_value(json_object_get(data, "action"));

	life_say(l->io_error, sizeof(l->io_error), "the disk %s: %s",
	    device && *device ? device : node ? node : "?", reason ? reason : "an error");
	life_tell(l, "io-error", json_pack("{s:s, s:s*}", "why", l->io_error, "action", action));
}

static void
on_panicked(struct life *l, json_t *data)
{
	(void)data;
	trouble(l, true, "the guest's kernel panics");
}

void
life_event(struct life *l, const char *name, json_t *data)
{
	static const struct {
		const char *name;
		void (*on)(struct life *, json_t *);
	} table[] = {
		{ "STOP", on_stop },   { "RESUME", on_resume },
		{ "RESET", on_reset }, { "SHUTDOWN", on_shutdown },
		{ "GUEST_PANICKED", on_panicked }, { "BLOCK_IO_ERROR", on_io_error },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			table[i].on(l, data);
}

/* The record comes by the console, and once more by the control port. */
static void
on_ready(struct life *l, const struct record *r)
{
	const char *control = record_get(r, "control");

	if (control && !l->control[0])
		life_say(l->control, sizeof(l->control), "%s", control);
	if (l->ready)
		return;
	l->ready = true;
	l->boottime_us = record_int(r, "boottime_us", 0);
	life_tell(l, "ready", json_pack("{s:I}", "boottime_us", (json_int_t)l->boottime_us));
}

static void
on_fail(struct life *l, const struct record *r)
{
	const char *step = record_get(r, "step");

	trouble(l, false, "the guest's init fails at step %s: %s", step ? step : "?",
	        r->text ? r->text : "it does not say why");
}

static void
on_exit_record(struct life *l, const struct record *r)
{
	const char *app = record_get(r, "app"), *then = record_get(r, "then");
	int64_t code = record_int(r, "code", -1), sig = record_int(r, "signal", 0);
	bool known = app && strcmp(app, l->app) == 0 && code == l->app_code &&
	             then && strcmp(then, "restart") != 0;

	life_say(l->app, sizeof(l->app), "%s", app ? app : "?");
	l->app_code = code;
	l->app_signal = sig;
	if (!known)
		life_tell(l, "exit", json_pack("{s:s, s:I, s:I, s:s*}", "app", l->app, "code",
		                          (json_int_t)code, "signal", (json_int_t)sig,
		                          "then", then));
}

static void
on_halt(struct life *l, const struct record *r)
{
	const char *action = record_get(r, "action"), *reason = record_get(r, "reason");

	if (l->halted)
		return;
	l->halted = true;
	life_say(l->halt, sizeof(l->halt), "%s", action ? action : "?");
	life_say(l->halt_reason, sizeof(l->halt_reason), "%s", reason ? reason : "");
	l->code = record_int(r, "code", 0);
	life_tell(l, "halt", json_pack("{s:s, s:s*, s:I}", "action", l->halt, "reason", reason,
	                          "code", (json_int_t)l->code));
}

static void
on_record(struct life *l, const struct record *r)
{
	static const struct {
		const char *type;
		void (*on)(struct life *, const struct record *);
	} table[] = {
		{ "ready", on_ready },
		{ "fail", on_fail },
		{ "exit", on_exit_record },
		{ "halt", on_halt },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].type, r->type) == 0)
			table[i].on(l, r);
}

void
life_line(struct life *l, char *line)
{
	struct record r;

	switch (console_last_words(line)) {
	case WORDS_PANIC:
		trouble(l, false, "%.200s", strstr(line, "Kernel panic"));
		return;
	case WORDS_FIRMWARE:
		if (!l->firmware || l->booted)
			break; /* an application's words */
		trouble(l, false, "the firmware finds nothing to boot: %.150s", line);
		return;
	case WORDS_HALTED:
		trouble(l, false, "the guest halted its processors and did not power off");
		return;
	case WORDS_OOPS: /* a kernel may live on */
	case WORDS_NONE:
		break;
	}
	l->booted |= console_is_kernel(line);
	if (!record_parse(line, &r))
		return;
	l->booted = true;
	on_record(l, &r);
}

void
life_ask(struct life *l)
{
	l->asked = true;
	life_tell(l, "stopping", NULL);
}

void
life_force(struct life *l)
{
	if (!l->forced)
		life_tell(l, "forced", NULL);
	l->forced = true;
}

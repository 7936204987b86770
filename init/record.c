/* SPDX-License-Identifier: GPL-3.0-only */
/* One function per record, so that the grammar in README.md has one place in the code. */
#include "record.h"

#include "console.h"
#include "control.h"
#include "line.h"

void
record_begin(struct line *l, const char *type)
{
	line_clear(l);
	line_fmt(l, "msmv: %s v=1", type);
}

void
record_end(const struct line *l)
{
	console_record(l);
	control_record(l);
}

static void
number(struct line *l, const char *name, uint64_t value)
{
	line_fmt(l, " %s=", name);
	line_num(l, value, 0);
}

static void
word(struct line *l, const char *name, const char *value)
{
	line_fmt(l, " %s=", name);
	line_escaped(l, value, 0);
}

void
record_ready(uint64_t boottime_us, uint64_t init_us, unsigned apps,
	const char *control)
{
	struct line l;

	record_begin(&l, "ready");
	number(&l, "boottime_us", boottime_us);
	number(&l, "init_us", init_us);
	number(&l, "apps", apps);
	word(&l, "control", control);
	record_end(&l);
}

void
record_exit(const char *app, int code, int signal, const char *then)
{
	struct line l;

	record_begin(&l, "exit");
	word(&l, "app", app);
	number(&l, "code", (uint64_t)code);
	number(&l, "signal", (uint64_t)signal);
	word(&l, "then", then);
	record_end(&l);
}

void
record_halt(const char *action, const char *reason, int code)
{
	struct line l;

	record_begin(&l, "halt");
	word(&l, "action", action);
	word(&l, "reason", reason);
	number(&l, "code", (uint64_t)code);
	record_end(&l);
}

void
record_fail(const char *step, const char *app, int error, const char *text)
{
	struct line l;

	record_begin(&l, "fail");
	word(&l, "step", step);
	if (app)
		word(&l, "app", app);
	number(&l, "errno", (uint64_t)error);
	line_str(&l, " text=");
	line_escaped(&l, text, 1);
	record_end(&l);
}

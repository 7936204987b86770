/* SPDX-License-Identifier: GPL-3.0-only */
/* One function per record, so that the grammar in README.md has one place in the code. */
#include "record.h"

#include "console.h"
#include "line.h"

static void
begin(struct line *l, const char *type)
{
	line_clear(l);
	line_fmt(l, "msmv: %s v=1", type);
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
record_ready(uint64_t boottime_us, uint64_t init_us, unsigned apps)
{
	struct line l;

	begin(&l, "ready");
	number(&l, "boottime_us", boottime_us);
	number(&l, "init_us", init_us);
	number(&l, "apps", apps);
	console_record(&l);
}

void
record_exit(const char *app, int code, int signal, const char *then)
{
	struct line l;

	begin(&l, "exit");
	word(&l, "app", app);
	number(&l, "code", (uint64_t)code);
	number(&l, "signal", (uint64_t)signal);
	word(&l, "then", then);
	console_record(&l);
}

void
record_halt(const char *action, const char *reason, int code)
{
	struct line l;

	begin(&l, "halt");
	word(&l, "action", action);
	word(&l, "reason", reason);
	number(&l, "code", (uint64_t)code);
	console_record(&l);
}

void
record_fail(const char *step, const char *app, int error, const char *text)
{
	struct line l;

	begin(&l, "fail");
	word(&l, "step", step);
	if (app)
		word(&l, "app", app);
	number(&l, "errno", (uint64_t)error);
	line_str(&l, " text=");
	line_escaped(&l, text, 1);
	console_record(&l);
}

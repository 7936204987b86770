/* SPDX-License-Identifier: GPL-3.0-only */
/* What a guest must do, judged; and the order in which it is asked. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "boot.h"

enum { AGAIN_MS = 100 };

void
checks_begin(struct checks *checks)
{
	for (size_t i = 0; i < checks->count; i++) {
		checks->item[i].seen = checks->item[i].passed = false;
		checks->item[i].tries = 0;
	}
}

/* ---- Judging ----------------------------------------------------------- */

bool
check_text(const struct check *c, const char *text)
{
	if (c->text && !strstr(text, c->text))
		return false;
	return !c->pattern || regexec(&c->regex, text, 0, NULL, 0) == 0;
}

void
checks_line(struct checks *checks, const char *line, bool whole)
{
	for (size_t i = 0; i < checks->count; i++) {
		struct check *c = &checks->item[i];

		if (c->kind == CHECK_CONSOLE && !c->seen && (whole || !c->pattern) &&
		    (!c->what || strstr(line, c->what)))
			c->seen = check_text(c, line);
	}
}

void
check_expected(const struct check *c, char *text, size_t size)
{
	int n = 0;

	switch (c->kind) {
	case CHECK_CONSOLE:
		n = snprintf(text, size, "a line of the console%s%s%s", c->what ? " with \"" : "",
		             c->what ? c->what : "", c->what ? "\"" : "");
		break;
	case CHECK_TCP:
		n = snprintf(text, size, "an answer on port %d", c->port);
		break;
	case CHECK_HTTP:
		n = snprintf(text, size, "status %d for %s on port %d", c->status, c->what,
		             c->port);
		break;
	case CHECK_COMMAND:
		n = snprintf(text, size, "exit status %d of '%s'", c->exit_code, c->what);
		break;
	}
	if (n > 0 && (size_t)n < size && c->text)
		n += snprintf(text + n, size - (size_t)n, " with \"%s\"", c->text);
	if (n > 0 && (size_t)n < size && c->pattern)
		snprintf(text + n, size - (size_t)n, " that matches \"%s\"", c->pattern);
}

/* ---- Running ----------------------------------------------------------- */

static int
failed(struct boot *b, const struct check *c)
{
	char expected[384];

	check_expected(c, expected, sizeof(expected));
	return boot_fail(b, MSMV_FAIL_RECIPE, "check %s: expected %s; came %s, in %.0f s", c->name,
	                 expected, *c->came ? c->came : "nothing", (double)c->timeout / 1000);
}

static int
run_check(struct boot *b, struct check *c)
{
	int64_t deadline = boot_now() + c->timeout;

	c->came[0] = '\0';
	for (;;) {
		c->tries++;
		c->passed = check_try(b, c, deadline);
		if (b->code || boot_judge(b) < 0)
			return -1;
		if (c->passed)
			break;
		if (b->gone)
			return boot_fail(b, MSMV_FAIL_RECIPE,
			                 "check %s: the guest ends before it passes; last came %s",
			                 c->name, *c->came ? c->came : "nothing");
		if (boot_now() + AGAIN_MS >= deadline)
			return failed(b, c);
		boot_listen_for(b, AGAIN_MS);
	}
	c->passed_ms = boot_now() - b->started;
	b->stage->host->log(b->stage, MSMV_LOG_INFO, "check %s: passed after %.0f ms", c->name,
	                    (double)(c->passed_ms - b->ready_ms));
	return 0;
}

int
checks_run(struct boot *b)
{
	struct checks *checks = b->checks;

	for (size_t i = 0; checks && i < checks->count; i++)
		if (run_check(b, &checks->item[i]) < 0)
			return -1;
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The one place that asks whether the host has the service. */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int
problem_at(struct msmv_stage *s, const char *option, const char *item, const char *hint,
	const char *fmt, ...)
{
	const struct msmv_host *host = s->host;
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return host->fail(s, MSMV_FAIL_SYSTEM, "out of memory");
	if (MSMV_HAS(host, problem))
		host->problem(s, option, item, text, hint);
	else
		host->fail(s, MSMV_FAIL_RECIPE, "%s%s%s", text, hint ? "; " : "",
			hint ? hint : "");
	free(text);
	return -1;
}

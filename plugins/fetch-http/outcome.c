/* SPDX-License-Identifier: GPL-3.0-only */
/* One sentence and a verdict per attempt, so that attempts can be weighed up. */
#include "outcome.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <msmv/plugin.h>

int
outcome_set(struct outcome *o, enum verdict verdict, int code, const char *fmt, ...)
{
	va_list ap;

	o->verdict = verdict;
	o->code = code;
	va_start(ap, fmt);
	vsnprintf(o->why, sizeof(o->why), fmt, ap);
	va_end(ap);
	return verdict == VERDICT_DONE ? 0 : -1;
}

int
outcome_errno(struct outcome *o, const char *doing, const char *path)
{
	int e = errno;

	o->disk_full = e == ENOSPC || e == EDQUOT;
	if (o->disk_full)
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"the disk is full (%s %s): free some space and run again", doing,
			path);
	return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "%s %s: %s", doing, path,
		strerror(e));
}

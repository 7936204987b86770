/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is wrong in a recipe, said so that the person sees the place. Hosts that are
 * older than the service get the same words as the stage's failure.
 */
#ifndef PROBLEM_PROBLEM_H
#define PROBLEM_PROBLEM_H

#include <msmv/plugin.h>

/*
 * Returns -1. option, item and hint as the service problem has them: each may be NULL.
 * Every call counts, so a check says all it finds and fails at its end.
 */
int problem_at(struct msmv_stage *, const char *option, const char *item, const char *hint,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif

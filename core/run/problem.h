/* SPDX-License-Identifier: GPL-3.0-only */
/* What a plugin finds wrong with the recipe's options, as it said it. */
#ifndef MSMV_RUN_PROBLEM_H
#define MSMV_RUN_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/record.h"

struct problem {
	char *option, *item; /* where; each may be NULL */
	char *text;
	char *hint; /* what to do, one thing a line; NULL for none */
};

struct problems {
	struct problem *v;
	size_t len, cap;
	size_t seen; /* of them only the first PROBLEMS_LIMIT are kept */
};

#define PROBLEMS_INIT { NULL, 0, 0, 0 }
#define PROBLEMS_LIMIT 100 /* nobody reads more */

/* From a worker's frame; one without a text is none. */
void problems_take(struct problems *p, const struct record *frame);
/* Is that text what one of them says? */
bool problems_say(const struct problems *p, const char *text);
void problems_release(struct problems *p);

#endif

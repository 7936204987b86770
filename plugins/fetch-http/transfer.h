/* SPDX-License-Identifier: GPL-3.0-only */
/* One attempt to get or continue a file over http or https. */
#ifndef FETCH_HTTP_TRANSFER_H
#define FETCH_HTTP_TRANSFER_H

#include "candidate.h"
#include "outcome.h"
#include "partial.h"
#include "want.h"

/*
 * Adds to p until it is complete. 0: the server gave all that it promised; the sum
 * is not yet compared. -1 with o: what came is kept in p if it can be continued.
 * curl is an easy handle, reused so that its connections are.
 */
int transfer_run(void *curl, const struct want *want, const struct candidate *c,
	struct partial *p, struct outcome *o);

#endif

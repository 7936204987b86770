/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The places to try, in order: for each url of the recipe its mirrors, longest
 * prefix first, then the url itself.
 */
#ifndef FETCH_HTTP_CANDIDATE_H
#define FETCH_HTTP_CANDIDATE_H

#include <stddef.h>

#include "outcome.h"
#include "want.h"

struct candidate {
	char *url;
	char shown[512]; /* for messages */
	char id[17];     /* names its unfinished file */
	int local;       /* url is a path: a file beside the recipe */
	unsigned tries;
	struct outcome last; /* VERDICT_LATER until it is settled */
};

/*
 * Reads the options named url and path, and mirrors; *n of them, or NULL after a
 * recorded failure.
 */
struct candidate *candidates_new(struct msmv_stage *stage, const char *url,
	const char *path, size_t *n);
void candidates_free(struct candidate *list, size_t n);

#endif

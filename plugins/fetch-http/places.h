/* SPDX-License-Identifier: GPL-3.0-only */
/* Tries the places that may have the file until one gives it. */
#ifndef FETCH_HTTP_PLACES_H
#define FETCH_HTTP_PLACES_H

#include "candidate.h"
#include "want.h"

/*
 * Every place once, then after a pause those that may have recovered, and so on. The
 * file ends up at out. 0, or -1 after a recorded failure. curl is an easy handle.
 */
int places_try(void *curl, const struct want *want, struct candidate *list, size_t n,
	unsigned retries, const char *out);

#endif

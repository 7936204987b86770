/* SPDX-License-Identifier: GPL-3.0-only */
/* The status and the headers of an HTTP answer, as far as a download needs them. */
#ifndef FETCH_HTTP_ANSWER_H
#define FETCH_HTTP_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "partial.h"

struct answer {
	long status; /* 0: none yet */
	char etag[PARTIAL_FIELD], modified[PARTIAL_FIELD]; /* "" if none is of use */
	char range[128], length[32];
	unsigned wait_s; /* Retry-After */
	int lengths_differ;
};

void answer_clear(struct answer *a);
/* Takes one line of the headers; a status line starts a new answer. */
void answer_line(struct answer *a, const char *data, size_t n);
/* Reads Content-Range, "bytes FROM-TO/TOTAL"; total is 0 for "*". -1 if it is neither. */
int answer_range(const struct answer *a, uint64_t *from, uint64_t *total);

#endif

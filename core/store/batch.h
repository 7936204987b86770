/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Files that get their names in the store, of one result or of several at the same time.
 *
 *	all are synced, blobs are renamed, their folders synced,
 *	results are renamed, their folders synced
 *
 * In this order, or a crash shows. Results that wait for each step together wait for the
 * disk as often as one alone, which is most of what a small one costs.
 */
#ifndef MSMV_STORE_BATCH_H
#define MSMV_STORE_BATCH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

struct batch_file {
	char *from, *to; /* owned */
	bool result;     /* after all that is none */
};

/* What belongs together: after a problem with one file no further one gets its name. */
struct batch {
	VEC(struct batch_file) files;
	struct err problem;
};

#define BATCH_INIT { VEC_INIT, ERR_INIT }
#define cleanup_batch __attribute__((cleanup(batch_release)))

void batch_add(struct batch *b, const char *from, const char *to, bool result);
/* Each has then its problem, or none; a result without its name is removed. */
void batches_publish(struct batch *const *v, size_t n);
/* One alone: 0, or -1 with its problem in err. */
int batch_publish(struct batch *b, struct err *err);
void batch_release(struct batch *b);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An unfinished file and what must hold for it to be continued.
 *
 *   SCRATCH/ID.part   the bytes so far
 *   SCRATCH/ID.meta   url, validators and total length of the answer they are from
 *
 * The meta file is written before the first byte and is absent while the bytes
 * are worthless, so bytes without it are never continued.
 */
#ifndef FETCH_HTTP_PARTIAL_H
#define FETCH_HTTP_PARTIAL_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"
#include "outcome.h"
#include "want.h"

#define PARTIAL_HEAD 512
#define PARTIAL_FIELD 512

struct partial {
	char data[PATH_MAX], meta[PATH_MAX];
	int fd;
	uint64_t size;  /* bytes in the file */
	uint64_t total; /* bytes it will have; 0: the server did not say */
	char etag[PARTIAL_FIELD], modified[PARTIAL_FIELD]; /* validators, "" if none */
	int resumed; /* some of the bytes come from an earlier attempt */
	int hashing;
	uint64_t limit; /* bytes it may have; 0: any number */
	const char *label;
	struct digest digest; /* of the first size bytes, if hashing */
	unsigned char head[PARTIAL_HEAD];
	size_t head_len;
};

/* Opens or creates it, and takes up what an earlier run left if that is safe. */
int partial_open(struct partial *p, const struct want *want, const char *id,
	const char *url, struct outcome *o);
/* Drops all bytes and starts again from none. */
int partial_reset(struct partial *p, struct outcome *o);
/* Records what the coming bytes belong to; call when the file is empty. */
int partial_describe(struct partial *p, const char *url, struct outcome *o);
int partial_write(struct partial *p, const void *data, size_t n, struct outcome *o);
/* Compares with the wanted sum, if any. 0 or -1 with VERDICT_DEAD. */
int partial_verify(struct partial *p, const struct want *want, const char *shown,
	struct outcome *o);
/* Moves the finished file to its place. */
int partial_publish(struct partial *p, const char *path, struct outcome *o);
/* Removes both files: the bytes will not be wanted again. */
void partial_discard(struct partial *p);
void partial_close(struct partial *p);

#endif

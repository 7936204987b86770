/* SPDX-License-Identifier: GPL-3.0-only */
/* All that a store holds, read at once: which results there are and what blobs they name. */
#ifndef MSMV_STORE_INDEX_H
#define MSMV_STORE_INDEX_H

#include "base/map.h"
#include "base/vec.h"
#include "store/store.h"

struct index_blob {
	const char *name; /* its digest, but for damaged ones */
	uint64_t size;
	size_t users; /* results that name it */
	bool damaged; /* store_check_blob put it aside, under another name */
	bool missing; /* named, but not there */
};

struct index_result {
	char key[SHA256_HEX];
	char *stage, *plugin; /* owned; NULL: the record cannot be read */
	uint64_t size;        /* of all its blobs */
	int64_t used;         /* seconds since 1970: when a run took it last */
	VEC(struct index_blob *) blobs; /* owned by the index */
};

struct index {
	VEC(struct index_result) results; /* least recently used first */
	struct map blobs;                 /* digest (or other name) -> struct index_blob * */
};

#define INDEX_INIT { VEC_INIT, MAP_INIT }
#define cleanup_index __attribute__((cleanup(index_release)))

int index_read(struct index *x, const struct store *s, struct err *err);
/* What all blobs take that are named and there. */
uint64_t index_size(const struct index *x);
void index_release(struct index *x);

#endif

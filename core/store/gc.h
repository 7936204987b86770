/* SPDX-License-Identifier: GPL-3.0-only */
/* Giving space back: results that nobody used for long, and blobs that no result names. */
#ifndef MSMV_STORE_GC_H
#define MSMV_STORE_GC_H

#include "base/map.h"
#include "store/store.h"

struct gc_limits {
	int64_t before;         /* seconds since 1970: what was used last before goes; 0: none */
	uint64_t max_size;      /* bytes that the blobs may take; UINT64_MAX: any */
	const struct map *keep; /* keys of results that stay; may be NULL */
	bool dry;               /* only count */
};

struct gc_report {
	size_t results, blobs;  /* that went */
	uint64_t bytes;         /* that they took */
	size_t left;            /* results that stay */
	uint64_t left_bytes;
};

/*
 * The caller holds store_alone. Results go before what they name, so that no result is
 * ever left without its blobs.
 */
int store_gc(const struct store *s, const struct gc_limits *limits, struct gc_report *report,
	struct err *err);

#endif

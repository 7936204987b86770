/* SPDX-License-Identifier: GPL-3.0-only */
/* One url of the recipe, apt:NAME[=VERSION] or apt-src:NAME[=VERSION], and its answer. */
#ifndef FETCH_APT_REQUEST_H
#define FETCH_APT_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include <msmv/plugin.h>

struct request {
	int source; /* apt-src: the upstream tarball of a source package */
	char name[128];
	char version[128]; /* "" for the candidate */
};

/* What came of looking for it in one set of package lists. */
enum found {
	FOUND,       /* the tarball is at the output path */
	FOUND_NOT,   /* these lists do not have it */
	FOUND_STUCK, /* they have it, but it could not be downloaded */
	FOUND_FAILED /* no other lists would help; recorded with host->fail */
};

struct got {
	char what[300]; /* "linux-source-6.1 6.1.140-1", for the note */
	char file[256]; /* name of the tarball */
	uint64_t size;
	char sha256[65];
};

/* Parses url; version, which may be NULL, counts where url names none. NULL if it is
 * good, else what is wrong with it. */
const char *request_parse(struct request *r, const char *url, const char *version);
/* "hello=2.10-3" or "hello", as apt takes it; into buf. */
const char *request_spec(const char *name, const char *version, char *buf, size_t n);

#endif

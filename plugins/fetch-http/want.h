/* SPDX-License-Identifier: GPL-3.0-only */
/* What the recipe asks for, whichever place it comes from. */
#ifndef FETCH_HTTP_WANT_H
#define FETCH_HTTP_WANT_H

#include <stdint.h>

#include <msmv/plugin.h>

struct signature;

struct want {
	struct msmv_stage *stage;
	const char *label;   /* file name, for progress and messages */
	const char *sha256;  /* lower-case hex, or NULL */
	const char *scratch; /* folder where unfinished files wait */
	long connect_s, stall_s, timeout_s;
	const char *proxy, *no_proxy, *ca_file; /* NULL: libcurl's own choice */
	const char *kind; /* "archive": what a web page surely is not; NULL: anything */
	uint64_t limit;   /* of bytes; 0: none */
	int offline;      /* only places on this machine */
	struct signature *signature; /* which must prove it, or NULL */
};

#endif

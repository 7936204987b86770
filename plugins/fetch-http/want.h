/* SPDX-License-Identifier: GPL-3.0-only */
/* What the recipe asks for, whichever place it comes from. */
#ifndef FETCH_HTTP_WANT_H
#define FETCH_HTTP_WANT_H

#include <msmv/plugin.h>

struct want {
	struct msmv_stage *stage;
	const char *label;   /* file name, for progress and messages */
	const char *sha256;  /* lower-case hex, or NULL */
	const char *scratch; /* folder where unfinished files wait */
	long connect_s, stall_s, timeout_s;
	const char *proxy, *no_proxy, *ca_file; /* NULL: libcurl's own choice */
	int archive; /* the name promises an archive: a web page is an error */
};

#endif

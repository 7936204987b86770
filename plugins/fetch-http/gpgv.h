/* SPDX-License-Identifier: GPL-3.0-only */
/* What gpgv says about a file and its signatures. */
#ifndef FETCH_HTTP_GPGV_H
#define FETCH_HTTP_GPGV_H

#include <msmv/plugin.h>

struct gpgv {
	int good, bad;    /* signatures of either kind */
	char signer[128]; /* fingerprint of the first good one's primary key */
	int said;         /* which of the troubles below was the worst */
	char trouble[384];
	int pending; /* the next VALIDSIG belongs to a good signature */
};

/* The program's path into buf, or NULL if this machine has none. */
const char *gpgv_path(char *buf, size_t n);
/*
 * Checks the signature over data, which may be a pipe's path. 0 if it is good, -1 if
 * it is not (trouble says why), -2 after a recorded failure.
 */
int gpgv_run(struct gpgv *g, struct msmv_stage *stage, const char *keyring,
	const char *signature, const char *data);
/* One line of gpgv's status; public for the tests of it. */
void gpgv_line(struct gpgv *g, const char *line);

#endif

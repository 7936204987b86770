/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What was made of what, for others to read: an in-toto statement with SLSA v1 provenance,
 * and the bill of materials as SPDX 2.3 and as CycloneDX 1.6, all JSON.
 */
#ifndef MSMV_CLI_ATTEST_H
#define MSMV_CLI_ATTEST_H

#include <jansson.h>
#include <time.h>

#include "cli/export.h"
#include "cli/session.h"

/* A source that was fetched, or msmv's init. Texts are owned; NULL where nobody knows. */
struct component {
	const struct job *job;
	char *id;      /* "kernel", "hello" */
	char *name;    /* "linux" */
	char *version, *license;
	char *url;     /* what the recipe's url stood for */
	const char *file, *sha256; /* NULL of what was not fetched */
};

/* A source file that the kernel was compiled from. */
struct compiled {
	char sha1[41], sha256[SHA256_HEX];
	char *path;
};

struct attest {
	const struct session *session;
	const struct run *run;
	const struct exports *exports;
	VEC(struct component) components;
	VEC(struct compiled) compiled;
	struct record config; /* the kernel's options that are set */
	char config_sha256[SHA256_HEX];
	char uuid[37];        /* of what was made: the same for the same images */
	char when[32], began[32]; /* RFC 3339 */
};

/* Writes the three beside the images in the session's output folder. */
int attest_write(const struct session *s, const struct run *r, const struct exports *x,
	time_t began, struct err *err);

/* The documents; attest.c gathers what they say. */
json_t *attest_provenance(const struct attest *a);
json_t *attest_spdx(const struct attest *a);
json_t *attest_cyclonedx(const struct attest *a);

#endif

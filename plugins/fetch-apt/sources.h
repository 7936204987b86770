/* SPDX-License-Identifier: GPL-3.0-only */
/* The machine's package sources, rewritten for one kind of list. */
#ifndef FETCH_APT_SOURCES_H
#define FETCH_APT_SOURCES_H

#include <stddef.h>
#include <stdio.h>

/* Text that grows; p is up to date after fflush(out). */
struct text {
	char *p;
	size_t n;
	FILE *out;
};

/* -1 if memory is out. */
int text_open(struct text *t);
void text_release(struct text *t);

/* Where the machine keeps its entries. */
struct sources_place {
	char list[512];  /* one file: sources.list */
	char parts[512]; /* a folder of *.list and *.sources */
};

/* Calls visit with each file of place that apt reads, in order. */
int sources_each(const struct sources_place *place,
	int (*visit)(const char *path, void *arg), void *arg);
/*
 * Writes the entries of the file at path (one-line or deb822 by its name) to the
 * matching one of the two texts: each that is enabled and of type deb or deb-src,
 * as of type `type` and limited to the index `target`. All else in an entry, options,
 * suites, components and Signed-By, stays. An entry that is there already, as a deb-src
 * beside its deb becomes, is not written again. 0, or -1 (errno).
 */
int sources_rewrite(const char *path, const char *type, const char *target,
	struct text *oneline, struct text *deb822);

#endif

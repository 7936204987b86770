/* SPDX-License-Identifier: GPL-3.0-only */
/* Reads the "Name: value" paragraphs that apt prints. */
#ifndef FETCH_APT_CONTROL_H
#define FETCH_APT_CONTROL_H

#include <stddef.h>

/*
 * The first line of a field's value in the paragraph at text, into buf; returns buf,
 * or NULL if the paragraph has no such field or the value does not fit.
 */
char *control_field(const char *text, const char *name, char *buf, size_t n);
/* The paragraph after the one at text, or NULL. */
const char *control_next(const char *text);

struct dependency {
	char name[128];
	char version[128]; /* of an exact "(= V)", else "" */
};

/*
 * Takes the next dependency of a Depends value, the first of its alternatives.
 * Returns where to go on, or NULL at the end.
 */
const char *control_dependency(const char *depends, struct dependency *d);

#endif

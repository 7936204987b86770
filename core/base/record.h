/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An ordered list of named text fields, and its one text form:
 *
 *	NAME=VALUE\n      in VALUE, \ is written \\ and a newline \n
 *
 * Actions, results, wire frames, plugin descriptions and caches are records, so
 * there is one writer, one parser and one fuzz target, and `diff` works on them.
 * A name may stand more than once (a list). Names hold no '=', no newline.
 */
#ifndef MSMV_BASE_RECORD_H
#define MSMV_BASE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct field {
	char *name, *value; /* owned */
};

struct record {
	struct field *fields;
	size_t len, cap;
};

#define RECORD_INIT { NULL, 0, 0 }
#define cleanup_record __attribute__((cleanup(record_release)))

void record_add(struct record *r, const char *name, const char *value);
void record_addf(struct record *r, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void record_add_int(struct record *r, const char *name, int64_t value);
/* First field of that name, or NULL; owned by the record. */
const char *record_get(const struct record *r, const char *name);
/* fallback if absent or not a whole number. */
int64_t record_get_int(const struct record *r, const char *name, int64_t fallback);
/* The i-th field of that name, or NULL. */
const char *record_get_nth(const struct record *r, const char *name, size_t i);
/* By name, then value: the canonical order of an action. */
void record_sort(struct record *r);
void record_write(const struct record *r, struct str *out);
/* Adds the fields in text to r. Fails on a NUL byte, a line without '=' or a bad escape. */
int record_parse(struct record *r, const char *text, size_t len, struct err *err);
void record_release(struct record *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is wrong with a recipe, said where it stands. All problems of a run are kept,
 * so that a person mends them in one go:
 *
 *	nano.toml:31:1: error: [kernel] has no key verison
 *	   31 | verison = "6.1"
 *	      | ^~~~~~~
 *	      = did you mean version?
 *
 * A reader adds its source; the checks that follow add to the same struct diags.
 */
#ifndef MSMV_RECIPE_DIAG_H
#define MSMV_RECIPE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "value/source.h"
#include "value/value.h"

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum diag_severity severity;
	struct pos pos;
	char *message; /* owned */
	char *hint;    /* owned; NULL for none; each line of it is shown on its own */
};

struct diags {
	struct sources sources;
	VEC(struct diag) list;
	size_t errors, warnings; /* also those past the limit, which are only counted */
};

#define DIAGS_INIT { SOURCES_INIT, VEC_INIT, 0, 0 }
#define cleanup_diags __attribute__((cleanup(diags_release)))
#define DIAGS_LIMIT 100 /* kept; nobody reads more */

/*
 * Adds a source that positions point into and returns its index, a position's file.
 * Copies both; text may be NULL.
 */
int diags_source(struct diags *d, const char *file, const char *text, size_t len);
/* Adds a problem; pos.line 0 means that it has no place. Returns -1. */
int diag_error(struct diags *d, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The file itself cannot be read, so it has no place in it. Returns -1. */
int diag_file(struct diags *d, const char *file, const struct err *err);
void diag_warning(struct diags *d, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int diag_add(struct diags *d, enum diag_severity severity, struct pos pos, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));
/* Adds a line below the problem that was added last: what to do about it. */
void diag_hint(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool diags_failed(const struct diags *d); /* true once there is an error */
/* True once the last report was only counted: a hint to it costs for nothing. */
bool diags_full(const struct diags *d);
/*
 * suggest(), or NULL when there are so many reports that a hint would not be kept, or
 * so many words that looking at all of them again and again would take long.
 */
const char *diags_suggest(const struct diags *d, const char *word, const char *const *known,
	size_t n);
/*
 * Those from the first-th on in the order of the text, as a person mends them; equal
 * places stay as reported.
 */
void diags_sort(struct diags *d, size_t first);
/*
 * Moves the reports of another list, whose places are in the same sources, behind these;
 * what is here already is said once.
 */
void diags_join(struct diags *to, struct diags *from);
/* Everything as a person reads it, "" for nothing; the caller frees. */
char *diags_text(const struct diags *d);
/* Gives the text to err and returns -1 if there is an error, else 0. */
int diags_err(const struct diags *d, struct err *err);
void diags_release(struct diags *d);

#endif

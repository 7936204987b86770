/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the files of the TOML reader share: a place in a text that has passed
 * scan_open, so there is no NUL in it and '\0' can stand for its end.
 */
#ifndef MSMV_RECIPE_TOML_SCAN_H
#define MSMV_RECIPE_TOML_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "recipe/diag.h"
#include "value/value.h"

struct scan {
	const char *s, *end;
	const char *line_start;
	int line;
	int file; /* of its positions */
	struct diags *diags;
};

/* ---- toml_scan.c ----------------------------------------------------- */

/* -1 after a report if text holds a byte that no TOML document may hold. */
int scan_open(struct scan *sc, int file, const char *text, size_t len, struct diags *diags);
struct pos scan_pos(const struct scan *sc);
/* The byte i bytes ahead, '\0' past the end. */
char scan_ahead(const struct scan *sc, size_t i);
char scan_peek(const struct scan *sc);
/* True if a line ends here, or the text. */
bool scan_at_eol(const struct scan *sc);
/* Steps over c, if that is what comes next. */
bool scan_take(struct scan *sc, char c);
void scan_space(struct scan *sc);
bool scan_newline(struct scan *sc); /* false if there is none here */
void scan_comment(struct scan *sc);
/* Space, comments and newlines. */
void scan_blank(struct scan *sc);
/* Reports that WHAT is wanted where the scan stands; returns -1. */
int scan_wants(const struct scan *sc, const char *what);

/* ---- toml_string.c --------------------------------------------------- */

/* From the opening quote to the closing one; out gets the text. */
int scan_string(struct scan *sc, struct str *out);
/* The same, but one line only; for keys. */
int scan_quoted_key(struct scan *sc, struct str *out);
/* Length of the UTF-8 sequence at s, 0 if it is not valid. */
size_t utf8_length(const char *s, size_t n);

/* ---- toml_scalar.c, toml_date.c -------------------------------------- */

/* A value that has no quotes and no brackets; NULL after a report. */
struct value *scan_scalar(struct scan *sc);

bool date_like(const char *s, size_t n);
/* s is the whole text of it. */
struct value *date_value(struct scan *sc, const char *s, size_t n, struct pos pos);

#endif

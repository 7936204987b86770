/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe's command text, taken apart the way a shell would read it, but never
 * given to one: what it says is exactly what runs.
 */
#ifndef APP_SPLIT_H
#define APP_SPLIT_H

#include "mem.h"

struct split_var {
	const char *name;
	const char *value;
};

struct split_command {
	struct words env;  /* NAME=VALUE in front of the program */
	struct words argv; /* never empty */
};

struct split {
	struct split_command *commands; /* in order; each must succeed before the next */
	size_t n;
	char *error; /* why it failed, in words for the recipe's author */
};

/*
 * Splits text into commands at "&&", ";" and line ends, and each into words: blanks
 * separate, '...' and "..." and \ quote, # starts a comment at a word's start.
 * $NAME and ${NAME} outside single quotes take their value from vars (n_vars).
 * With vars NULL they stay as they are, which is enough to check the text.
 * Returns 0, or -1 with out->error for an open quote, an unknown variable or a
 * construct that only a shell has.
 */
int split_text(struct pool *pool, const char *text, const struct split_var *vars,
	size_t n_vars, struct split *out);

#endif

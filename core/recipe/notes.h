/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The comments of a recipe, each with the line of the key that it is about, so that they
 * can go along into another notation.
 */
#ifndef MSMV_RECIPE_NOTES_H
#define MSMV_RECIPE_NOTES_H

#include <stdbool.h>

#include "base/str.h"
#include "base/vec.h"
#include "value/value.h"

struct note {
	int line;        /* of the key, NOTES_END for what follows the last one */
	struct str text; /* whole lines, "# ..." or empty */
	bool used;
};

#define NOTES_END 0

struct notes {
	VEC(struct note) list;
};

#define NOTES_INIT { VEC_INIT }
#define cleanup_notes __attribute__((cleanup(notes_release)))

/* text reads as TOML. */
void notes_toml(struct notes *n, const char *text, size_t len);
/* text reads as YAML. */
void notes_yaml(struct notes *n, const char *text, size_t len);
/* Adds the comments for the key of a line, once, each line after indent. */
void notes_take(struct notes *n, int line, int indent, struct str *out);
/*
 * What stands at no key of root, as inside a value, goes to the key before it, or the
 * first one: so every comment is taken by who writes all keys.
 */
void notes_settle(struct notes *n, const struct value *root);
size_t notes_left(const struct notes *n); /* lines of comment that nobody took */
void notes_release(struct notes *n);

/* ---- for the readers ------------------------------------------------- */

/* Adds lines to the note of that line, made if need be; text is empty after. */
void notes_add(struct notes *n, int line, struct str *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Changes to a recipe's text that keep all else as it stands: comments, order, blank
 * lines, quotes, line endings. The new text is read again and must give exactly the old
 * tree with the one change, or nothing happens: a recipe is never damaged.
 *
 *	static const char *const keys[] = { "kernel", "options", "NET" };
 *
 *	if (edit_open(&e, path, text, len, err) < 0 ||
 *		edit_set(&e, keys, 3, value, err) < 0)
 *		return -1;
 *	fs_write(path, edit_text(&e), ...)
 */
#ifndef MSMV_RECIPE_EDIT_H
#define MSMV_RECIPE_EDIT_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "value/value.h"

struct edit_notation;

struct edit {
	char *file; /* for messages */
	struct str text;
	struct value *root; /* what text reads as */
	const struct edit_notation *notation;
};

#define EDIT_INIT { NULL, STR_INIT, NULL, NULL }
#define cleanup_edit __attribute__((cleanup(edit_release)))

/* The notation follows from file's ending. -1: the text is no recipe that reads. */
int edit_open(struct edit *e, const char *file, const char *text, size_t len,
	struct err *err);
/* Sets the value under keys ("kernel", "options", "NET"); tables on the way are made.
   A table becomes that table: what it does not hold goes. */
int edit_set(struct edit *e, const char *const *keys, size_t nkeys,
	const struct value *v, struct err *err);
/* Absent is fine. */
int edit_remove(struct edit *e, const char *const *keys, size_t nkeys, struct err *err);
const char *edit_text(const struct edit *e); /* e->text.len bytes */
void edit_release(struct edit *e);

#endif

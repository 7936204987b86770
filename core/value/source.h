/* SPDX-License-Identifier: GPL-3.0-only */
/* The texts that positions point into: a recipe, and after it what it includes. */
#ifndef MSMV_VALUE_SOURCE_H
#define MSMV_VALUE_SOURCE_H

#include <stddef.h>

#include "base/vec.h"

struct source {
	char *file; /* NULL: no file name to show */
	char *text; /* NULL: no lines to show */
	size_t len; /* of text */
};

/* A position's file is an index into it; 0 is the recipe itself. */
struct sources {
	VEC(struct source) list;
};

#define SOURCES_INIT { VEC_INIT }

/* Copies both, which may be NULL. Returns the index. */
int sources_add(struct sources *s, const char *file, const char *text, size_t len);
/* NULL if there is none of that index. */
const struct source *sources_get(const struct sources *s, int file);
/* to is empty before. */
void sources_copy(struct sources *to, const struct sources *from);
void sources_release(struct sources *s);

#endif

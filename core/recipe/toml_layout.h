/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Where things stand in the text of a TOML document that reads without an error: what
 * changes a recipe's text, and not its meaning alone, works on this.
 *
 *	  version  =  "6.1"   # LTS
 *	^ start     at^     ^at ... value^    ^value_end      end after the newline
 */
#ifndef MSMV_RECIPE_TOML_LAYOUT_H
#define MSMV_RECIPE_TOML_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "recipe/toml_key.h"

enum layout_kind {
	LAYOUT_BLANK,
	LAYOUT_COMMENT, /* on a line of its own */
	LAYOUT_HEADER,  /* [key] */
	LAYOUT_MANY,    /* [[key]] */
	LAYOUT_PAIR     /* key = value */
};

/* Numbers are offsets in the text. */
struct layout_item {
	enum layout_kind kind;
	size_t start;            /* of its first line */
	size_t at;               /* its first byte that is no space */
	size_t value, value_end; /* of a PAIR's value; of all between a header's brackets */
	size_t end;              /* behind the newline that ends it */
	struct key key;          /* of PAIR, HEADER and MANY */
	size_t header;           /* the item whose table it is in, LAYOUT_ROOT for none */
};

#define LAYOUT_ROOT ((size_t)-1)

struct layout {
	const char *text; /* the caller's, which stays */
	size_t len;
	VEC(struct layout_item) items;
	size_t open, close; /* layout_braces: the braces */
};

#define LAYOUT_INIT { NULL, 0, VEC_INIT, 0, 0 }
#define cleanup_layout __attribute__((cleanup(layout_release)))

/* Every line of text; -1 if it is no document (nothing is reported: read it first). */
int layout_open(struct layout *l, const char *text, size_t len);
/* The pairs of a table in braces that opens at; start is at, and end is value_end. */
int layout_braces(struct layout *l, const char *text, size_t len, size_t open);
/* Steps over the value that the scan stands on. */
int layout_skip(struct scan *sc);
void layout_release(struct layout *l);

#endif

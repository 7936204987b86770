/* SPDX-License-Identifier: GPL-3.0-only */
/* A key of TOML: "a.b.c" as its parts, and where each of them stands. */
#ifndef MSMV_RECIPE_TOML_KEY_H
#define MSMV_RECIPE_TOML_KEY_H

#include "base/vec.h"
#include "recipe/toml_scan.h"

struct key_part {
	char *name; /* owned; a NUL in it is C0 80, as value.h says */
	struct pos pos;
};

struct key {
	VEC(struct key_part) parts;
};

#define KEY_INIT { VEC_INIT }
#define cleanup_key __attribute__((cleanup(key_release)))

/*
 * Reads a key and the space around it. At most TOML_DEPTH + 2 parts are read: the
 * caller, who knows how deep the key stands, refuses what is too deep.
 */
int key_scan(struct key *k, struct scan *sc);
/* The first n parts as a person writes them; the caller frees. */
char *key_text(const struct key *k, size_t n);
void key_release(struct key *k);

#endif

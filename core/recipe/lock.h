/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * RECIPE.lock: which bytes each source of a recipe is, in TOML, written by msmv lock.
 *
 *	version = 1
 *
 *	[[source]]
 *	stage = "nano.source"
 *	url = ["https://www.nano-editor.org/dist/v8/nano-8.2.tar.xz"]
 *	sha256 = "d5ad07dd862facae03051c54c6535e54c7ed7407318783fcad1ad2d7076fffeb"
 *	size = 1680336
 *
 * An entry is for a stage and its urls together, so a recipe whose urls depend on the
 * architecture has one for each of them; stage is its name without the "@ARCH" that it
 * has when several are built at once. Files beside the recipe need no lock.
 */
#ifndef MSMV_RECIPE_LOCK_H
#define MSMV_RECIPE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "graph/stage.h"
#include "recipe/diag.h"

#define LOCK_VERSION 1
#define LOCK_SOURCES 10000 /* no recipe has so many */

struct lock_source {
	char *stage;
	VEC(char *) url;  /* as the recipe has them */
	char *exact;      /* the url with the version that it stood for, or NULL */
	char *file;       /* the file's name, or NULL */
	char sha256[65];
	uint64_t size;
	char *signer;     /* fingerprint, or NULL */
};

struct lock {
	char *path;
	bool found; /* there is such a file */
	VEC(struct lock_source) sources;
};

#define LOCK_INIT { NULL, false, VEC_INIT }
#define cleanup_lock __attribute__((cleanup(lock_release)))

/* What becomes of a source that the lock does not cover. */
enum lock_rule {
	LOCK_QUIET,  /* nothing: it is about to be locked */
	LOCK_WARN,
	LOCK_STRICT  /* it is an error */
};

/* The lock of a recipe; the caller frees. */
char *lock_path(const char *recipe);
/* Reads it if it is there. -1 with its problems in d. */
int lock_read(struct lock *l, const char *path, struct diags *d);
/* A source of a stage that has urls, without what the lock says of them. */
void lock_source_init(struct lock_source *s, const struct stage *stage);
void lock_source_release(struct lock_source *s);
/* NULL if the lock has no entry for the stage with these urls. */
const struct lock_source *lock_find(const struct lock *l, const struct stage *stage);
/* True if the stage fetches something that a lock can hold. */
bool lock_wants(const struct stage *stage);
/*
 * Holds one stage to what is locked. A source that is not covered is reported at its
 * place in the recipe, in d. -1 if that is an error.
 */
int lock_apply(const struct lock *l, struct stage *s, enum lock_rule rule, struct diags *d);
/* Sorts it and gives its text. */
void lock_write(struct lock *l, struct str *out);
void lock_release(struct lock *l);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A null run has nothing to do. To find that out in full takes reading the recipe, the
 * plugins' descriptions and every result; so the first null run leaves behind, in
 * runs/null-RECIPE, what it was asked, what it said, and all that it looked at. While that
 * is as it was (witness.h), a later one that is asked the same says the same.
 *
 * The file's time is when the results that it names were used last: such a run touches one
 * file instead of each result. Once a day it touches these as well, as files get lost.
 */
#ifndef MSMV_STORE_NULL_RUN_H
#define MSMV_STORE_NULL_RUN_H

#include "base/vec.h"
#include "store/store.h"

struct null_run {
	const char *store;  /* the folder, which need not be open */
	const char *recipe; /* the recipe's path, of which there is one such file a store */
	/* Arguments, environment and whatever else decides what is looked at; any bytes. */
	const struct str *question;
};

struct null_keys {
	const char **v;
	size_t len, cap;
};

/*
 * Is the answer still true? Then said is what the run said, and its results are used once
 * more. Never while something is to be cleared up that a killed process left.
 */
bool null_run_holds(const struct null_run *n, struct str *said);
/* Keeps the answer, unless a change of what was looked at could go unseen. */
void null_run_keep(const struct store *s, const struct null_run *n, const struct str *said,
	const struct null_keys *keys);
/* A run that looks at everything: what it finds replaces this, but not when it was used. */
void null_run_retire(const char *store, const char *recipe);
/* The same of all recipes: their results say themselves when they were used. */
void null_runs_retire(const struct store *s);

/* For each result that an answer names, when that was given last, in seconds since 1970. */
void null_runs_each(const struct store *s, void (*each)(void *arg, const char *key, int64_t used),
	void *arg);
/* Removes those that were given last before then. */
void null_runs_forget(const struct store *s, int64_t before);

#endif

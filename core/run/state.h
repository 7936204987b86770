/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is kept about a recipe between runs, under runs/ in the store: the logs of
 * its stages, the keys they last had, and how long they took.
 */
#ifndef MSMV_RUN_STATE_H
#define MSMV_RUN_STATE_H

#include "run/context.h"

struct state {
	const struct store *store;
	char *dir;            /* runs/ID of this recipe */
	struct record record; /* key.STAGE, ms.STAGE, why.STAGE */
	struct map places;    /* name of a field -> its place in the record, from 1 */
	bool changed;
};

#define STATE_INIT { NULL, NULL, RECORD_INIT, MAP_INIT, false }

int state_load(struct state *s, const struct context *ctx, const char *recipe,
	struct err *err);
/* NULL if the stage never had one. */
const char *state_key(const struct state *s, const char *stage);
int64_t state_ms(const struct state *s, const char *stage);
/* Why it ran last, as a person was told; NULL if it never ran here. */
const char *state_why(const struct state *s, const char *stage);
void state_set(struct state *s, const char *stage, const char *key, int64_t ms);
void state_set_why(struct state *s, const char *stage, const char *why);
char *state_log_path(const struct state *s, const char *stage);
int state_save(struct state *s, struct err *err);
void state_release(struct state *s);

/* The recipe last run in a folder; NULL if none. The caller frees. */
char *state_last_recipe(const struct context *ctx, const char *folder);
void state_set_last_recipe(const struct context *ctx, const char *folder,
	const char *recipe);

#endif

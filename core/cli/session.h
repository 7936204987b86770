/* SPDX-License-Identifier: GPL-3.0-only */
/* What most commands begin with: configuration, store, plugins, a lowered recipe. */
#ifndef MSMV_CLI_SESSION_H
#define MSMV_CLI_SESSION_H

#include "cli/cmd.h"
#include "recipe/conf.h"
#include "recipe/diag.h"
#include "run/registry.h"
#include "run/runner.h"

struct session {
	struct conf conf;
	struct context ctx;
	struct registry registry;
	struct pipeline pipeline;
	char *out_dir;
	bool overlays; /* profiles and architectures that were not chosen are checked too */
	bool relock; /* the lock is to be written, so it is not held to */
};

/* The options that session_open reads; a command lists them with its own. */
#define SESSION_OPTIONS \
	{ 'c', "config-file", "RECIPE", "the recipe, instead of naming it as a word" }, \
	{ 'b', "build-dir", "DIR", "keep everything of this build in DIR, outputs too" }, \
	{ 0, "store", "DIR", "where results are kept (default ~/.cache/msmv)" }, \
	{ 0, "locked", NULL, "fail unless RECIPE.lock covers every source" }, \
	{ 0, "sandbox", "on|off", "off: stages can reach the whole machine (default on)" }, \
	{ 0, "offline", NULL, "use no network: what is not here is an error before any work" }, \
	{ 0, "set", "KEY=VALUE", "change a recipe value: --set kernel.url=apt:linux-source-6.12" }, \
	{ 0, "profile", "NAME", "put [profile.NAME] over the recipe; may be given again" }, \
	{ 0, "arch", "ARCH", "of a recipe for several architectures only this; again for more" }

/* Configuration, store and worker. An exit code; 0: go on. */
int session_open(struct session *s, const struct args *args);
int session_plugins(struct session *s);
/* Where session_open finds the store, made absolute; NULL, with err or without: nowhere. */
char *session_store_dir(const struct args *args, struct err *err);
/*
 * What commands that take one recipe begin with: all of these, from session_open to
 * session_recipe, and as nice as is asked for. session_close follows in any case.
 */
int session_start(struct session *s, const struct args *args);
/* $NAME if set and not empty, else fallback; owned by the caller. */
char *session_env(const char *name, const char *fallback);
/* Whether stages run in a sandbox, and what they see there; an exit code. */
int session_sandbox(struct session *s, const struct args *args);
/* Reads, sets and lowers; every problem of the recipe is shown. */
int session_recipe(struct session *s, const char *recipe, const struct args *args);
/* Holds the pipeline to RECIPE.lock, if there is one; reports into diags. */
int session_lock(struct session *s, const struct args *args, struct diags *diags);
/* The same, but what is wrong stays in diags for the caller to show. */
int session_lower(struct session *s, const char *recipe, const struct args *args,
	struct diags *diags);
/* The same of a text in TOML that is to become the file. */
int session_lower_text(struct session *s, const char *file, const struct str *text,
	const struct args *args, struct diags *diags);
/* -c, or the first word. NULL after a complaint. */
const char *session_recipe_arg(const struct args *args);
/*
 * For commands with words "[RECIPE] STAGE": the recipe, or else the one last run in this
 * folder. NULL after a complaint. The caller frees.
 */
char *session_recipe_here(struct session *s, const struct args *args, const char *command);
void session_close(struct session *s);

#endif

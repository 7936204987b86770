/* SPDX-License-Identifier: GPL-3.0-only */
/* From what a person named to a pipeline, with all that is wrong in it shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/witness.h"
#include "cli/niceness.h"
#include "cli/recipe.h"
#include "cli/session.h"
#include "recipe/matrix.h"
#include "recipe/overlays.h"
#include "recipe/read.h"
#include "recipe/toml.h"

const char *
session_recipe_arg(const struct args *args)
{
	const char *option = args_get(args, "config-file", 0);
	const char *word = args->words.len ? args->words.v[0] : NULL;

	if (option && word) {
		complain(EXIT_USAGE, "two recipes: %s and %s", word, option);
		return NULL;
	}
	if (!option && !word)
		complain(EXIT_USAGE, "which recipe? msmv wants RECIPE as a word or with -c");
	return option ? option : word;
}

/* All that was given for an option, NULL after them. The caller frees the list. */
static const char **
given(const struct args *args, const char *option)
{
	const char **list = xcalloc((size_t)args->ngiven + 1, sizeof(*list));

	for (int i = 0; (list[i] = args_get(args, option, i)); i++)
		;
	return list;
}

/* The variables that every program that fetches reads; msmv.conf comes first. */
static void
add_proxies(struct record *fetch)
{
	static const struct {
		const char *variable, *option;
	} table[] = {
		{ "https_proxy", "proxy" }, { "HTTPS_PROXY", "proxy" }, { "http_proxy", "proxy" },
		{ "all_proxy", "proxy" }, { "ALL_PROXY", "proxy" },
		{ "no_proxy", "no_proxy" }, { "NO_PROXY", "no_proxy" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const char *value = getenv(table[i].variable);

		if (value && *value && !record_get(fetch, table[i].option))
			record_add(fetch, table[i].option, value);
	}
}

static int
lower_root(struct session *s, const struct value *root, const char *path,
	const struct args *args, struct diags *diags)
{
	cleanup_free const char **profiles = given(args, "profile");
	cleanup_free const char **archs = given(args, "arch"), **sets = given(args, "set");
	struct choices choices = { profiles, archs, sets };
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *data = session_env("MSMV_DATADIR", MSMV_SHAREDIR);
	struct utsname un;
	int result;
	struct lower_env env = { .recipe = path, .data_dir = data, .mirrors = &s->conf.mirrors,
		.site = &s->conf.fetch };

	add_proxies(&s->conf.fetch);
	if (s->ctx.offline && !record_get(&s->conf.fetch, "offline"))
		record_add(&s->conf.fetch, "offline", "1");
	uname(&un);
	env.host_arch = un.machine;
	result = recipe_lower(root, &s->registry.catalog, &env, &choices, &s->pipeline, diags, &err);
	if (s->overlays && !err.msg &&
		overlays_check(root, &s->registry.catalog, &env, &choices, diags) < 0)
		result = -1;
	if (result == 0)
		return 0;
	return err.msg ? complain(EXIT_USAGE, "%s", err_msg(&err)) : EXIT_FAILED;
}

/* A plugin that could not be loaded may be the one that the recipe misses. */
static void
mention_bad_plugins(const struct session *s)
{
	for (size_t i = 0; i < s->registry.bad.len; i++)
		fprintf(stderr, "msmv: note: %s is no usable plugin: %s\n",
			s->registry.bad.v[i].path, s->registry.bad.v[i].why);
}

int
session_lower(struct session *s, const char *recipe, const struct args *args,
	struct diags *diags)
{
	cleanup_free char *path = path_absolute(recipe);
	struct value *root = recipe_read(recipe, diags);
	int code = root ? lower_root(s, root, path, args, diags) : EXIT_FAILED;

	value_free(root);
	return code;
}

int
session_lower_text(struct session *s, const char *file, const struct str *text,
	const struct args *args, struct diags *diags)
{
	cleanup_free char *path = path_absolute(file);
	struct value *root = toml_parse(file, str_text(text), text->len, diags);
	int code = root ? lower_root(s, root, path, args, diags) : EXIT_FAILED;

	value_free(root);
	return code;
}

int
session_recipe(struct session *s, const char *recipe, const struct args *args)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	int code = session_lower(s, recipe, args, &diags);
	cleanup_free char *text = NULL;

	if (code == 0)
		code = session_lock(s, args, &diags);
	text = diags_text(&diags);
	fputs(text, stderr);
	if (*text)
		witnesses_spoil(); /* it is to be said each time */
	if (code && args_has(args, "json"))
		recipe_print_problems(recipe, &diags);
	if (code && diags_failed(&diags))
		mention_bad_plugins(s);
	return code;
}

char *
session_recipe_here(struct session *s, const struct args *args, const char *command)
{
	bool named = args->words.len == 2;
	const char *given = named ? args->words.v[0] : args_get(args, "config-file", 0);
	cleanup_free char *cwd = getcwd(NULL, 0);
	char *recipe = given ? xstrdup(given) : cwd ? state_last_recipe(&s->ctx, cwd) : NULL;

	if (!recipe)
		complain(EXIT_FAILED, "no recipe was run in this folder: msmv %s RECIPE %s", command,
			args->words.v[named]);
	return recipe;
}

int
session_start(struct session *s, const struct args *args)
{
	const char *recipe = session_recipe_arg(args);
	int code;

	memset(s, 0, sizeof(*s));
	s->ctx.store.tmp_lock = -1;
	if (!recipe)
		return EXIT_USAGE;
	code = session_open(s, args);
	if (code == 0)
		code = be_nice(&s->conf, args);
	if (code == 0)
		code = session_plugins(s);
	return code ? code : session_recipe(s, recipe, args);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* See session.h; the one place that knows where things are on a person's machine. */
#include "cli/recipe.h"
#include "cli/session.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "recipe/matrix.h"
#include "recipe/overlays.h"
#include "recipe/read.h"
#include "recipe/toml.h"

enum { STAGE_TIMEOUT_S = 7200 };

/* $NAME if set and not empty, else fallback; owned by the caller. */
static char *
env_or(const char *name, const char *fallback)
{
	const char *s = getenv(name);

	return xstrdup(s && *s ? s : fallback);
}

/* NULL if nothing says where: a folder that others may write to is no place. */
static char *
default_store(void)
{
	const char *store = getenv("MSMV_STORE"), *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (store && *store)
		return xstrdup(store);
	if (cache && *cache)
		return path_join(cache, "msmv");
	return home && *home ? path_join(home, ".cache/msmv") : NULL;
}

static char *
choose_store(const struct args *args, const struct conf *conf)
{
	const char *store = args_get(args, "store", 0), *build = args_get(args, "build-dir", 0);

	if (store)
		return xstrdup(store);
	if (build)
		return path_join(build, "store");
	return conf->store_dir && !getenv("MSMV_STORE") ? xstrdup(conf->store_dir)
							: default_store();
}

static char *
choose_out(const struct args *args)
{
	const char *out = args_get(args, "output", 0), *build = args_get(args, "build-dir", 0);

	if (out)
		return xstrdup(out);
	return build ? path_join(build, "out") : xstrdup("out");
}

static int
number(const struct args *args, const char *name, int low, int fallback, int *out)
{
	const char *s = args_get(args, name, 0);
	char *end;
	long n;

	*out = fallback;
	if (!s)
		return 0;
	n = strtol(s, &end, 10);
	if (!*s || *end || n < low || n > 1000000)
		return complain(EXIT_USAGE, "--%s needs a number from %d, not '%s'", name, low, s);
	*out = (int)n;
	return 0;
}

/* The CPUs this process may use. */
static int
cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* Archives keep times in 32 bits. */
static int
choose_epoch(int64_t *out)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long n;

	*out = DEFAULT_EPOCH;
	if (!s || !*s)
		return 0;
	n = strtoll(s, &end, 10);
	if (*end || n < 0 || n > UINT32_MAX)
		return complain(EXIT_USAGE, "SOURCE_DATE_EPOCH is '%s': it wants seconds since 1970",
			s);
	*out = n;
	return 0;
}

/* What does not depend on the store. */
static int
choose(struct session *s, const struct args *args)
{
	cleanup_free char *dir = NULL;
	int code;

	s->ctx.worker = env_or("MSMV_WORKER", MSMV_LIBEXECDIR "/msmv-worker");
	dir = path_dir(s->ctx.worker);
	s->ctx.unpacker = path_join(dir, "msmv-unpack");
	s->ctx.limits = &s->conf.limits;
	s->out_dir = choose_out(args);
	s->ctx.offline = args_has(args, "offline") || record_get(&s->conf.fetch, "offline");
	code = session_sandbox(s, args);
	if (code == 0)
		code = choose_epoch(&s->ctx.epoch);
	if (code)
		return code;
	code = number(args, "jobs", 1, s->conf.jobs ? s->conf.jobs : cpus(), &s->ctx.jobs);
	return code ? code : number(args, "timeout", 0, STAGE_TIMEOUT_S, &s->ctx.timeout_s);
}

/* Compilers' answers are kept in the store; which stages ask is their options' matter. */
static void
choose_ccache(struct session *s, const struct args *args)
{
	cleanup_free char *folder = NULL;

	if (!args_has(args, "ccache") && s->conf.ccache != 1)
		return;
	folder = store_path(&s->ctx.store, "ccache");
	record_add(&s->conf.fetch, "ccache", folder);
}

int
session_open(struct session *s, const struct args *args)
{
	cleanup_free char *store = NULL;
	struct err err = ERR_INIT;
	int code;

	memset(s, 0, sizeof(*s));
	s->conf = (struct conf)CONF_INIT;
	s->ctx.store.tmp_lock = -1;
	if (conf_load(&s->conf, &err) < 0) {
		complain(EXIT_FAILED, "%s", err_msg(&err));
		err_clear(&err);
		return EXIT_FAILED;
	}
	code = choose(s, args);
	store = choose_store(args, &s->conf);
	if (code == 0 && !store)
		code = complain(EXIT_FAILED, "HOME is not set, so there is no place for results: "
			"give one with --store DIR");
	if (code == 0 && store_open(&s->ctx.store, store, &err) < 0)
		code = complain(EXIT_FAILED, "store: %s", err_msg(&err));
	if (code == 0)
		choose_ccache(s, args);
	err_clear(&err);
	return code;
}

int
session_plugins(struct session *s)
{
	struct err err = ERR_INIT;

	if (registry_load(&s->registry, &s->ctx, &err) == 0)
		return 0;
	complain(EXIT_FAILED, "%s", err_msg(&err));
	err_clear(&err);
	return EXIT_FAILED;
}

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
	cleanup_free char *data = env_or("MSMV_DATADIR", MSMV_SHAREDIR);
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

void
session_close(struct session *s)
{
	pipeline_release(&s->pipeline);
	registry_release(&s->registry);
	store_close(&s->ctx.store);
	conf_release(&s->conf);
	free(s->ctx.worker);
	free(s->ctx.unpacker);
	free(s->ctx.preload);
	free(s->ctx.bwrap);
	for (size_t i = 0; i < s->ctx.see.len; i++)
		free(s->ctx.see.v[i]);
	vec_release(&s->ctx.see);
	map_release(&s->ctx.trusted, free);
	free(s->out_dir);
	memset(s, 0, sizeof(*s));
}

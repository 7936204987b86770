/* SPDX-License-Identifier: GPL-3.0-only */
/* See session.h; the one place that knows where things are on a person's machine. */
#include "cli/session.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { STAGE_TIMEOUT_S = 7200 };

char *
session_env(const char *name, const char *fallback)
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

	s->ctx.worker = session_env("MSMV_WORKER", MSMV_LIBEXECDIR "/msmv-worker");
	dir = path_dir(s->ctx.worker);
	s->ctx.unpacker = path_join(dir, "msmv-unpack");
	s->ctx.limits = &s->conf.limits;
	s->ctx.timeout_given = args_has(args, "timeout");
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

/* What is kept in the store beside results; which stages ask for it is their options'
   matter. */
static void
choose_memory(struct session *s, const struct args *args)
{
	cleanup_free char *compilers = store_path(&s->ctx.store, "ccache");
	cleanup_free char *accel = store_path(&s->ctx.store, "accel");

	if (args_has(args, "ccache") || s->conf.ccache == 1)
		record_add(&s->conf.fetch, "ccache", compilers);
	record_add(&s->conf.fetch, "accel_memory", accel);
}

char *
session_store_dir(const struct args *args, struct err *err)
{
	struct conf conf = CONF_INIT;
	cleanup_free char *dir = conf_load(&conf, err) == 0 ? choose_store(args, &conf) : NULL;

	conf_release(&conf);
	return dir ? path_absolute(dir) : NULL;
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
		choose_memory(s, args);
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

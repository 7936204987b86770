/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Builds one program or library from its source, for the target machine, and says
 * before any guest boots whether it can run there. This is the way of every kind;
 * step.c has what a kind's commands do.
 */
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../problem/problem.h"
#include "app.h"
#include "install.h"
#include "patch.h"
#include "split.h"
#include "step.h"
#include "tools.h"

/* One option's text must be readable as commands. */
static int
check_text(struct msmv_stage *stage, struct pool *pool, const char *option)
{
	const char *text = stage->host->option(stage, option);
	struct split split;

	if (!text || split_text(pool, text, NULL, 0, &split) == 0)
		return 0;
	return problem_at(stage, option, NULL, NULL, "%s: %s", option, split.error);
}

static int
check_program(struct msmv_stage *stage, struct pool *pool)
{
	const char *text = stage->host->option(stage, "output_executable_path");
	struct split split;

	if (!text || !*text)
		return 0;
	if (check_text(stage, pool, "output_executable_path"))
		return -1;
	split_text(pool, text, NULL, 0, &split);
	if (split.n == 1 && !split.commands[0].env.n && split.commands[0].argv.v[0][0] == '/')
		return 0;
	return problem_at(stage, "output_executable_path", NULL, NULL,
		"output_executable_path must be one absolute path of the guest, with the "
		"program's arguments behind it: \"%s\" is not", text);
}

static int
check_subdir(struct msmv_stage *stage)
{
	const char *subdir = stage->host->option(stage, "subdir");

	for (const char *at = subdir; at && *at; at += strspn(at, "/")) {
		size_t len = strcspn(at, "/");

		if (!len || (len == 2 && strncmp(at, "..", 2) == 0))
			return problem_at(stage, "subdir", NULL, NULL,
				"subdir must be a folder inside the source, \"%s\" is not",
				subdir);
		at += len;
	}
	return 0;
}

/* Where the engine happens to run says nothing of a recipe. */
static int
check_tools(struct msmv_stage *stage)
{
	int bad = 0;

	for (size_t i = 0; i < stage->host->option_count(stage, "tools"); i++) {
		const char *name = stage->host->option_at(stage, "tools", i);

		if (!*name || (*name != '/' && strchr(name, '/')))
			bad = problem_at(stage, "tools", name, NULL,
				"tools: \"%s\" is neither the name of a program in PATH nor an "
				"absolute path", name);
	}
	return bad;
}

/* A folder of none is a mistyped path. */
static int
check_patches(struct msmv_stage *stage)
{
	int bad = 0;

	for (size_t i = 0; i < stage->host->option_count(stage, "patches"); i++) {
		const char *path = stage->host->option_at(stage, "patches", i);

		if (!patch_any(path))
			bad = problem_at(stage, "patches", path, NULL,
				"patches: the folder %s has no *.patch or *.diff in it", path);
	}
	return bad;
}

int
app_check(struct msmv_stage *stage, const struct app_kind *kind)
{
	struct pool pool = {0};
	int bad = check_text(stage, &pool, "config_script");

	bad |= check_text(stage, &pool, "build_command");
	bad |= check_text(stage, &pool, "install_command");
	bad |= check_program(stage, &pool);
	bad |= check_subdir(stage);
	bad |= check_tools(stage);
	bad |= check_patches(stage);
	if (kind->check)
		bad |= kind->check(stage);
	pool_release(&pool);
	return bad ? -1 : 0;
}

int
app_facts(struct msmv_stage *stage, const struct app_kind *kind)
{
	struct build build = {.kind = kind, .stage = stage, .host = stage->host};
	int result = tools_facts(&build);

	pool_release(&build.pool);
	return result;
}

static int
entry_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level && remove(path);
}

static int
folder_empty(struct build *build, const char *path)
{
	if (nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS) == 0)
		return 0;
	return build->host->fail(build->stage, MSMV_FAIL_SYSTEM, "cannot empty %s: %s", path,
		strerror(errno));
}

static int
folder_make(struct build *build, const char **path, const char *name)
{
	*path = pool_fmt(&build->pool, "%s/%s", build->work, name);
	if (mkdir(*path, 0755))
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM, "cannot make %s: %s",
			*path, strerror(errno));
	return 0;
}

/*
 * ccache knows a call again by its folders' names, so with it the work folder is one
 * that has the same name the next time: a scratch folder, emptied before and after.
 */
static int
build_work(struct build *build)
{
	const struct msmv_host *host = build->host;
	const char *stats;

	build->work = host->workdir(build->stage);
	if (!build->work)
		return -1;
	stats = pool_fmt(&build->pool, "%s/ccache.stats", build->work);
	if (ccache_open(build->stage, stats, &build->ccache))
		return -1;
	if (!build->ccache.program)
		return 0;
	for (size_t i = 0; build->ccache.env[i]; i++)
		words_push(&build->pool, &build->env, build->ccache.env[i]);
	build->work = host->scratch(build->stage,
		pool_fmt(&build->pool, "application with ccache: %s",
			host->input_name(build->stage, "source", 0)));
	return build->work ? folder_empty(build, build->work) : -1;
}

/* Names the folders; those that a part of the build makes itself are only named. */
static int
build_folders(struct build *build)
{
	if (build_work(build))
		return -1;
	for (const char *at = build->work; *at; at++)
		if (isspace((unsigned char)*at))
			return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
				"make and configure cannot work in a folder with a blank in "
				"its name: \"%s\"; choose another with -b", build->work);
	build->tools = pool_fmt(&build->pool, "%s/tools", build->work);
	build->develop = pool_fmt(&build->pool, "%s/develop", build->work);
	build->folder = pool_fmt(&build->pool, "%s/build", build->work);
	return folder_make(build, &build->source, "source") ||
	       folder_make(build, &build->sysroot, "sysroot") ||
	       folder_make(build, &build->dest, "dest");
}

static bool
sysroot_has(struct build *build, const char *path)
{
	return access(pool_fmt(&build->pool, "%s%s", build->sysroot, path), R_OK) == 0;
}

/* Several inputs share one folder: a library finds what it depends on beside it. */
static int
build_sysroot(struct build *build)
{
	const struct msmv_host *host = build->host;
	size_t n = host->input_count(build->stage, "sysroot");

	for (size_t i = 0; i < n; i++)
		if (host->input_extract(build->stage, "sysroot", i, build->sysroot))
			return -1;
	build->has_sysroot = n > 0;
	build->musl = sysroot_has(build, "/usr/lib/libc.a") &&
	              sysroot_has(build, "/usr/lib/crt1.o");
	return 0;
}

static int
build_source(struct build *build)
{
	const struct msmv_host *host = build->host;
	const char *subdir = host->option(build->stage, "subdir");
	struct stat st;

	host->progress(build->stage, 0, 0, "unpack");
	if (host->unpack(build->stage, host->input_path(build->stage, "source", 0),
		build->source, 1) || patch_all(build))
		return -1;
	if (!subdir || !*subdir)
		return 0;
	build->source = pool_fmt(&build->pool, "%s/%s", build->source, subdir);
	if (stat(build->source, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return host->fail(build->stage, MSMV_FAIL_RECIPE,
		"subdir: the source has no folder \"%s\"", subdir);
}

/* The recipe's own variables come last, so they win over ours. */
static void
build_env(struct build *build)
{
	const struct msmv_host *host = build->host;
	struct pool *pool = &build->pool;

	words_fmt(pool, &build->env, "SYSROOT=%s", build->sysroot);
	words_fmt(pool, &build->env, "SOURCE=%s", build->source);
	words_fmt(pool, &build->env, "TRIPLET=%s", build->triplet);
	words_fmt(pool, &build->env, "JOBS=%d", host->jobs(build->stage));
	words_fmt(pool, &build->env, "SOURCE_DATE_EPOCH=%lld",
		(long long)host->epoch(build->stage));
	for (size_t i = 0; i < host->option_count(build->stage, "env"); i++)
		words_fmt(pool, &build->env, "%s=%s",
			host->option_key(build->stage, "env", i),
			host->option_at(build->stage, "env", i));
}

static int
build_outputs(struct build *build)
{
	const struct msmv_host *host = build->host;

	if (install_sort(build) || install_strip(build) || install_check(build))
		return -1;
	if (host->output_tree(build->stage, "root", build->dest))
		return -1;
	/* rmdir works on an empty folder only: then there is nothing to hand on. */
	if (rmdir(build->develop) == 0)
		return 0;
	return host->output_tree(build->stage, "sysroot", build->develop);
}

static int
build_run(struct build *build)
{
	if (build_folders(build) || build_source(build) || build_sysroot(build) ||
		tools_choose(build) || tools_install(build))
		return -1;
	build_env(build);
	if (build->kind->run ? build->kind->run(build) : step_all(build))
		return -1;
	return build_outputs(build);
}

int
app_run(struct msmv_stage *stage, const struct app_kind *kind)
{
	struct build build = {.kind = kind, .stage = stage, .host = stage->host};
	int result = build_run(&build);

	/* The engine removes its own work folder. */
	if (build.ccache.program && build.work && build.tools)
		folder_empty(&build, build.work);
	ccache_close(stage, &build.ccache);
	pool_release(&build.pool);
	return result;
}

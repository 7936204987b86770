/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Builds one program or library from its source with configure and make, for the
 * target machine, and says before any guest boots whether it can run there.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "install.h"
#include "split.h"
#include "step.h"
#include "tools.h"

static const char *const provides[] = {"build:autotools", "build:make"};

static const struct msmv_option options[] = {
	{.name = "config_script", .type = MSMV_TYPE_STRING,
		.help = "command that configures the source; without it ./configure where "
			"there is one; \"\" for none"},
	{.name = "build_command", .type = MSMV_TYPE_STRING, .fallback = "make",
		.help = "command that compiles; make stands for $MAKE_COMMAND"},
	{.name = "install_command", .type = MSMV_TYPE_STRING, .fallback = "make install",
		.help = "command that installs under $DESTDIR, which a make is given"},
	{.name = "output_executable_path", .type = MSMV_TYPE_STRING,
		.help = "program that must come out, and its arguments in the guest"},
	{.name = "patches", .type = MSMV_TYPE_PATHS,
		.help = "patches (-p1) for the source, or folders of them, in order"},
	{.name = "subdir", .type = MSMV_TYPE_STRING,
		.help = "folder in the source where the commands run"},
	{.name = "make_flags", .type = MSMV_TYPE_LIST,
		.help = "arguments added to every make"},
	{.name = "env", .type = MSMV_TYPE_MAP,
		.help = "environment variables for the commands"},
	{.name = "tools", .type = MSMV_TYPE_LIST,
		.help = "other programs of this machine that the build calls"},
	{.name = "strip", .type = MSMV_TYPE_BOOL, .fallback = "true",
		.help = "drop symbols and debug information"},
	{.name = "docs", .type = MSMV_TYPE_BOOL, .fallback = "false",
		.help = "keep manuals and translations in the image"},
	{.name = "development", .type = MSMV_TYPE_BOOL, .fallback = "false",
		.help = "keep headers and static libraries in the image"},
	{.name = "remove", .type = MSMV_TYPE_LIST,
		.help = "patterns of installed paths that stay out of the image"},
};

static const struct msmv_port inputs[] = {
	{.name = "source", .kind = MSMV_PORT_FILE, .help = "archive of the source"},
	{.name = "sysroot", .kind = MSMV_PORT_TREE,
		.flags = MSMV_PORT_MANY | MSMV_PORT_OPTIONAL,
		.help = "headers and libraries to build with"},
};

static const struct msmv_port outputs[] = {
	{.name = "root", .kind = MSMV_PORT_TREE, .filename = "root.tar",
		.help = "what belongs in the image"},
	{.name = "sysroot", .kind = MSMV_PORT_TREE, .flags = MSMV_PORT_OPTIONAL,
		.filename = "sysroot.tar",
		.help = "headers and libraries for other stages"},
};

static const char *const env[] = {"CC", "LD", "MAKE_COMMAND"};

/* One option's text must be readable as commands. */
static int
check_text(struct msmv_stage *stage, struct pool *pool, const char *option)
{
	const char *text = stage->host->option(stage, option);
	struct split split;

	if (!text || split_text(pool, text, NULL, 0, &split) == 0)
		return 0;
	return stage->host->fail(stage, MSMV_FAIL_RECIPE, "%s: %s", option, split.error);
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
	return stage->host->fail(stage, MSMV_FAIL_RECIPE,
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
			return stage->host->fail(stage, MSMV_FAIL_RECIPE,
				"subdir must be a folder inside the source, \"%s\" is not",
				subdir);
		at += len;
	}
	return 0;
}

static int
app_check(struct msmv_stage *stage)
{
	struct pool pool = {0};
	int result = check_text(stage, &pool, "config_script") ||
	             check_text(stage, &pool, "build_command") ||
	             check_text(stage, &pool, "install_command") ||
	             check_program(stage, &pool) || check_subdir(stage);

	pool_release(&pool);
	return -result;
}

static int
app_facts(struct msmv_stage *stage)
{
	struct build build = {.stage = stage, .host = stage->host};
	int result = tools_facts(&build);

	pool_release(&build.pool);
	return result;
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

/* Names the folders; those that a part of the build makes itself are only named. */
static int
build_folders(struct build *build)
{
	build->work = build->host->workdir(build->stage);
	if (!build->work)
		return -1;
	for (const char *at = build->work; *at; at++)
		if (isspace((unsigned char)*at))
			return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
				"make and configure cannot work in a folder with a blank in "
				"its name: \"%s\"; choose another with -b", build->work);
	build->tools = pool_fmt(&build->pool, "%s/tools", build->work);
	build->develop = pool_fmt(&build->pool, "%s/develop", build->work);
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
		build->source, 1) || step_patch(build))
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

	words_fmt(&build->pool, &build->env, "SYSROOT=%s", build->sysroot);
	words_fmt(&build->pool, &build->env, "SOURCE_DATE_EPOCH=%lld",
		(long long)host->epoch(build->stage));
	for (size_t i = 0; i < host->option_count(build->stage, "env"); i++)
		words_fmt(&build->pool, &build->env, "%s=%s",
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
	if (step_configure(build) || step_compile(build) || step_install(build))
		return -1;
	return build_outputs(build);
}

static int
app_run(struct msmv_stage *stage)
{
	struct build build = {.stage = stage, .host = stage->host};
	int result = build_run(&build);

	pool_release(&build.pool);
	return result;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "autotools-app",
	.version = "1",
	.summary = "builds a program or library with configure and make",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.env = MSMV_TABLE(env),
	.check = app_check,
	.facts = app_facts,
	.run = app_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= 1 ? &plugin : NULL;
}

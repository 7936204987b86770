/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Sources that no other kind fits: a shell script builds them. It is the one place
 * where a recipe's text is given to a shell, as that is what it says it is.
 */
#include <string.h>

#include "../app/app.h"
#include "../app/command.h"
#include "../app/wrapper.h"
#include "../problem/problem.h"

static int
script_run(struct build *build)
{
	const struct msmv_host *host = build->host;
	const char *text = host->option(build->stage, "script");
	const char *path = host->option(build->stage, "script_file");
	struct words argv = {0}, env = {0};

	if (text) {
		path = pool_fmt(&build->pool, "%s/script", build->tools);
		if (file_write(build, path, text, 0644))
			return -1;
	}
	words_push(&build->pool, &argv, "sh");
	words_push(&build->pool, &argv, "-eu");
	words_push(&build->pool, &argv, path);
	words_fmt(&build->pool, &env, "DESTDIR=%s", build->dest);
	words_fmt(&build->pool, &env, "BUILD=%s", build->folder);
	host->progress(build->stage, 0, 0, "script");
	return command_run(build, "script", &argv, &env);
}

/* One script, from one of the two options. */
static int
script_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *text = host->option(stage, "script");
	size_t files = host->option_count(stage, "script_file");

	if (files > 1)
		return problem_at(stage, "script_file", NULL, NULL,
			"script_file is one script, not %zu; the others may be called by it, "
			"as part of the source or of patches", files);
	if (text && files)
		return problem_at(stage, "script_file", NULL, NULL,
			"script and script_file: one of them, not both");
	if (!text && !files)
		return problem_at(stage, NULL, NULL, NULL,
			"set script to the commands that build the source, or script_file to a "
			"file of them beside the recipe");
	return 0;
}

static const struct app_kind kind = {
	.name = "script",
	.links_static = true,
	.check = script_check,
	.run = script_run,
};

static const char *const provides[] = {"build:script"};

static const struct msmv_option options[] = {
	{.name = "script", .type = MSMV_TYPE_STRING,
		.help = "shell commands that build the source and install under $DESTDIR"},
	{.name = "script_file", .type = MSMV_TYPE_PATHS,
		.help = "the same as a file beside the recipe"},
	APP_OPTIONS,
};

static const struct msmv_port inputs[] = {APP_SOURCE, APP_SYSROOT};
static const struct msmv_port outputs[] = {APP_OUTPUTS};
static const char *const env[] = {APP_ENV};

APP_PLUGIN("script-app", "builds a program or library with a shell script of the recipe")

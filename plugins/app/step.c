/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kind is mostly the commands that its sources are built with. The recipe may say
 * others; where a source is of another kind than the recipe says, that is told.
 */
#include "step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "command.h"
#include "complete.h"
#include "split.h"

/* The names that commands may use as $NAME, beside those of the env option. */
static const char *const names[] = {"DESTDIR", "BUILD", "SYSROOT", "SOURCE", "TRIPLET", "JOBS",
	"CC", "CXX", "AR", "STRIP", "PKG_CONFIG"};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static const char *
env_value(struct build *build, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < build->env.n; i++)
		if (strncmp(build->env.v[i], name, len) == 0 && build->env.v[i][len] == '=')
			return build->env.v[i] + len + 1;
	return "";
}

static const struct split_var *
command_vars(struct build *build, size_t *n)
{
	const struct msmv_host *host = build->host;
	size_t count = host->option_count(build->stage, "env");
	struct split_var *vars = pool_alloc(&build->pool, (count + N_NAMES) * sizeof(*vars));

	for (size_t i = 0; i < count; i++)
		vars[i] = (struct split_var){
			host->option_key(build->stage, "env", i),
			host->option_at(build->stage, "env", i)};
	for (size_t i = 0; i < N_NAMES; i++)
		vars[count + i] = (struct split_var){names[i], env_value(build, names[i])};
	vars[count].value = build->dest;
	vars[count + 1].value = build->folder;
	*n = count + N_NAMES;
	return vars;
}

static int
step_run(struct build *build, enum step step, const char *option, const char *text)
{
	static const char *const whats[] = {"configure", "compile", "install"};
	size_t n;
	const struct split_var *vars = command_vars(build, &n);
	struct split split;

	if (split_text(&build->pool, text, vars, n, &split))
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE, "%s: %s", option,
			split.error);
	build->host->progress(build->stage, 0, 0, whats[step]);
	for (size_t i = 0; i < split.n; i++) {
		/* A recipe that places DESTDIR itself is not helped along. */
		command_complete(build, step, strstr(text, "DESTDIR"), &split.commands[i]);
		if (command_run(build, whats[step], &split.commands[i].argv,
			&split.commands[i].env))
			return -1;
	}
	return 0;
}

/* What of config.log tells why a test failed: its end, before the variables. */
static void
config_log_show(struct build *build)
{
	enum { KEEP = 40 };
	FILE *file = fopen(pool_fmt(&build->pool, "%s/config.log", build->source), "re");
	char *lines[KEEP] = {0};
	size_t n = 0, cap = 0;
	char *line = NULL;

	if (!file)
		return;
	while (getline(&line, &cap, file) > 0 && !strstr(line, "## Cache variables. ##")) {
		free(lines[n % KEEP]);
		lines[n++ % KEEP] = strdup(line);
	}
	build->host->log(build->stage, MSMV_LOG_INFO, "the end of config.log:");
	for (size_t i = n > KEEP ? n - KEEP : 0; i < n; i++)
		if (lines[i % KEEP])
			build->host->log(build->stage, MSMV_LOG_INFO, "  %.*s",
				(int)strcspn(lines[i % KEEP], "\n"), lines[i % KEEP]);
	for (size_t i = 0; i < KEEP; i++)
		free(lines[i]);
	free(line);
	fclose(file);
}

/* Files that tell what a source is built with, the surest first. */
static const struct {
	const char *file, *kind;
} markers[] = {
	{"configure", "autotools"},
	{"CMakeLists.txt", "cmake"},
	{"meson.build", "meson"},
	{"GNUmakefile", "make"},
	{"makefile", "make"},
	{"Makefile", "make"},
};
#define N_MARKERS (sizeof(markers) / sizeof(markers[0]))

static bool
source_has(struct build *build, const char *name)
{
	return access(pool_fmt(&build->pool, "%s/%s", build->source, name), R_OK) == 0;
}

static int
wrong_kind(struct build *build, const char *lacks)
{
	for (size_t i = 0; i < N_MARKERS; i++)
		if (strcmp(markers[i].kind, build->kind->name) != 0 &&
			source_has(build, markers[i].file))
			return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
				"the source has no %s, but a %s: set build = \"%s\"", lacks,
				markers[i].file, markers[i].kind);
	if (source_has(build, "configure.ac") || source_has(build, "configure.in"))
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
			"the source has no %s, only what makes one: take a release archive, or "
			"set tools = [\"autoreconf\"] and config_script = \"autoreconf -fi && "
			"./configure\"", lacks);
	return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
		"the source has no %s: set subdir if it lies deeper, or config_script and "
		"build_command to what builds it", lacks);
}

/* A source without a configure may have a makefile, or be built as the recipe says. */
static int
no_configure(struct build *build)
{
	const char *compile = build->host->option(build->stage, "build_command");

	for (size_t i = 0; i < N_MARKERS; i++)
		if (strcmp(markers[i].kind, "make") == 0 && source_has(build, markers[i].file))
			return 0;
	return compile && strcmp(compile, "make") == 0 ? wrong_kind(build, "configure") : 0;
}

/* The commands where the recipe says none; *text stays NULL for nothing to do. */
static int
configure_default(struct build *build, const char **text)
{
	const struct app_kind *kind = build->kind;

	if (kind->marker && !source_has(build, kind->marker))
		return wrong_kind(build, kind->marker);
	*text = kind->configure;
	if (kind->configure)
		return 0;
	if (access(pool_fmt(&build->pool, "%s/configure", build->source), X_OK))
		return no_configure(build);
	*text = "./configure";
	return 0;
}

static int
step_configure(struct build *build)
{
	const char *text = build->host->option(build->stage, "config_script");

	if (!text && configure_default(build, &text))
		return -1;
	if (!text || step_run(build, STEP_CONFIGURE, "config_script", text) == 0)
		return 0;
	config_log_show(build);
	return -1;
}

int
step_all(struct build *build)
{
	const struct msmv_host *host = build->host;

	if (step_configure(build) ||
		step_run(build, STEP_COMPILE, "build_command",
			host->option(build->stage, "build_command")))
		return -1;
	return step_run(build, STEP_INSTALL, "install_command",
		host->option(build->stage, "install_command"));
}

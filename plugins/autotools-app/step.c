/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The recipe says what to run in the words of the source's own manual. What those
 * leave out, because a person's machine would fill it in, is added here: the cross
 * triplet, the jobs, DESTDIR.
 */
#include "step.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command.h"
#include "split.h"
#include "tools.h"

/* The names that commands may use as $NAME. */
static const struct split_var *
command_vars(struct build *build, size_t *n)
{
	const struct msmv_host *host = build->host;
	size_t count = host->option_count(build->stage, "env");
	struct split_var *vars = pool_alloc(&build->pool, (count + 4) * sizeof(*vars));

	vars[0] = (struct split_var){"DESTDIR", build->dest};
	vars[1] = (struct split_var){"SYSROOT", build->sysroot};
	vars[2] = (struct split_var){"TRIPLET", build->triplet};
	vars[3] = (struct split_var){
		"CC", pool_fmt(&build->pool, "%s-gcc", build->triplet)};
	for (size_t i = 0; i < count; i++)
		vars[4 + i] = (struct split_var){
			host->option_key(build->stage, "env", i),
			host->option_at(build->stage, "env", i)};
	*n = count + 4;
	return vars;
}

static int
command_split(struct build *build, const char *option, const char *text, struct split *split)
{
	size_t n;
	const struct split_var *vars = command_vars(build, &n);

	if (split_text(&build->pool, text, vars, n, split))
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE, "%s: %s",
			option, split->error);
	return 0;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), want = strlen(end);

	return len >= want && strcmp(text + len - want, end) == 0;
}

static bool
named(const char *program, const char *name)
{
	const char *slash = strrchr(program, '/');

	return strcmp(slash ? slash + 1 : program, name) == 0;
}

static bool
file_mentions(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	bool found = false;
	char *line = NULL;
	size_t cap = 0;

	while (file && !found && getline(&line, &cap, file) > 0)
		found = strstr(line, text) != NULL;
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* --host and --build where the script knows them and the recipe does not say. */
static void
configure_add(struct build *build, struct words *argv)
{
	const char *script = pool_fmt(&build->pool, "%s%s%s",
		argv->v[0][0] == '/' ? "" : build->source,
		argv->v[0][0] == '/' ? "" : "/", argv->v[0]);
	struct utsname machine;

	if (!named(argv->v[0], "configure"))
		return;
	if (build->cross && uname(&machine) == 0 && file_mentions(script, "--host")) {
		if (!words_start(argv, "--host"))
			words_fmt(&build->pool, argv, "--host=%s", build->triplet);
		if (!words_start(argv, "--build"))
			words_fmt(&build->pool, argv, "--build=%s-linux-gnu",
				machine.machine);
	}
	/* libtool would try shared libraries, which a static C library cannot make. */
	if (build->musl && file_mentions(script, "--enable-shared") &&
		!words_start(argv, "--disable-shared") &&
		!words_start(argv, "--enable-shared"))
		words_push(&build->pool, argv, "--disable-shared");
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

int
step_configure(struct build *build)
{
	const char *text = build->host->option(build->stage, "config_script");
	struct split split;

	if (!text && access(pool_fmt(&build->pool, "%s/configure", build->source), X_OK) == 0)
		text = "./configure";
	if (!text)
		return 0;
	if (command_split(build, "config_script", text, &split))
		return -1;
	for (size_t i = 0; i < split.n; i++) {
		struct split_command *command = &split.commands[i];

		configure_add(build, &command->argv);
		build->host->progress(build->stage, 0, 0, "configure");
		if (command_run(build, "configure", &command->argv, &command->env)) {
			config_log_show(build);
			return -1;
		}
	}
	return 0;
}

/* Makefiles without a configure in front set CC themselves; only arguments win. */
static void
make_add_tools(struct build *build, struct words *argv)
{
	static const char *const names[] = {"CC=", "AR=", "RANLIB=", "STRIP=", "LD=", "NM="};

	if (access(pool_fmt(&build->pool, "%s/config.status", build->source), F_OK) == 0 ||
		access(pool_fmt(&build->pool, "%s/config.mak", build->source), F_OK) == 0)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t j = 0; j < build->env.n; j++)
			if (strncmp(build->env.v[j], names[i], strlen(names[i])) == 0 &&
				!words_start(argv, names[i]))
				words_push(&build->pool, argv, build->env.v[j]);
}

/* MAKE_COMMAND for make, then everything that only a make understands. */
static void
make_add(struct build *build, struct words *argv, bool install, bool placed)
{
	const struct msmv_host *host = build->host;
	const char *flags = getenv("MAKEFLAGS");
	struct words make = {0};

	if (strcmp(argv->v[0], "make") == 0) {
		tools_make(build, &make);
		for (size_t i = 1; i < argv->n; i++)
			words_push(&build->pool, &make, argv->v[i]);
		*argv = make;
	} else if (!ends_with(argv->v[0], "make") || named(argv->v[0], "cmake")) {
		return;
	}
	/* Few install targets are made to run in parallel. */
	if (!words_start(argv, "-j") && (install || !flags || !strstr(flags, "--jobserver")))
		words_fmt(&build->pool, argv, "-j%d", install ? 1 : host->jobs(build->stage));
	for (size_t i = 0; i < host->option_count(build->stage, "make_flags"); i++)
		words_push(&build->pool, argv, host->option_at(build->stage, "make_flags", i));
	make_add_tools(build, argv);
	if (install && !placed)
		words_fmt(&build->pool, argv, "DESTDIR=%s", build->dest);
}

static int
step_make(struct build *build, const char *what, const char *option)
{
	const char *text = build->host->option(build->stage, option);
	bool install = strcmp(what, "install") == 0;
	struct split split;

	if (command_split(build, option, text, &split))
		return -1;
	build->host->progress(build->stage, 0, 0, what);
	for (size_t i = 0; i < split.n; i++) {
		/* A recipe that places DESTDIR itself is not helped along. */
		make_add(build, &split.commands[i].argv, install, strstr(text, "DESTDIR"));
		if (command_run(build, what, &split.commands[i].argv, &split.commands[i].env))
			return -1;
	}
	return 0;
}

int
step_compile(struct build *build)
{
	return step_make(build, "compile", "build_command");
}

int
step_install(struct build *build)
{
	return step_make(build, "install", "install_command");
}

static int
is_patch(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".patch") || ends_with(entry->d_name, ".diff");
}

static int
patch_apply(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *words[] = {"patch", "-p1", "--batch", "--forward",
		"--no-backup-if-mismatch", "-i", path};
	struct words argv = {0}, none = {0};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words_push(&build->pool, &argv, words[i]);
	return command_run(build,
		pool_fmt(&build->pool, "patch %s", slash ? slash + 1 : path), &argv, &none);
}

/* A folder stands for the patches in it, in the order of their names. */
static int
patch_path(struct build *build, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n, result = 0;

	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return patch_apply(build, path);
	n = scandir(path, &entries, is_patch, alphasort);
	for (int i = 0; i < n; i++) {
		if (!result)
			result = patch_apply(build,
				pool_fmt(&build->pool, "%s/%s", path, entries[i]->d_name));
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return result;
}

int
step_patch(struct build *build)
{
	const struct msmv_host *host = build->host;

	for (size_t i = 0; i < host->option_count(build->stage, "patches"); i++)
		if (patch_path(build, host->option_at(build->stage, "patches", i)))
			return -1;
	return 0;
}

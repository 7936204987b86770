/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The recipe says what to run in the words of the source's own manual. What those
 * leave out is added by the program that a command calls: the cross triplet for a
 * configure, jobs and DESTDIR for a make, the toolchain for cmake and meson. What the
 * recipe does say stays as it is.
 */
#include "complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "complete_parts.h"
#include "tools.h"

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

static bool
source_has(struct build *build, const char *name)
{
	return access(pool_fmt(&build->pool, "%s/%s", build->source, name), F_OK) == 0;
}

bool
complete_has_jobserver(void)
{
	const char *flags = getenv("MAKEFLAGS");

	return flags && strstr(flags, "--jobserver");
}

/* For programs that take DESTDIR from their environment alone. */
void
complete_destdir(struct completion *c)
{
	if (c->step == STEP_INSTALL && !c->placed)
		words_fmt(&c->build->pool, c->env, "DESTDIR=%s", c->build->dest);
}

static bool
knows_disable_shared(const char *script)
{
	return file_mentions(script, "--disable-shared") ||
		file_mentions(script, "enable_shared");
}

/* --host and --build where the script knows them and the recipe does not say. */
static void
add_configure(struct completion *c)
{
	struct build *build = c->build;
	struct words *argv = c->argv;
	const char *script = pool_fmt(&build->pool, "%s%s%s",
		argv->v[0][0] == '/' ? "" : build->source,
		argv->v[0][0] == '/' ? "" : "/", argv->v[0]);
	struct utsname machine;

	if (build->cross && uname(&machine) == 0 && file_mentions(script, "--host")) {
		if (!words_start(argv, "--host"))
			words_fmt(&build->pool, argv, "--host=%s", build->triplet);
		if (!words_start(argv, "--build"))
			words_fmt(&build->pool, argv, "--build=%s-linux-gnu",
				machine.machine);
	}
	/* libtool would try shared libraries, which a static C library cannot make. What
	   autoconf wrote says enable_shared; zlib's knows --enable-shared alone. */
	if (build->musl && knows_disable_shared(script) &&
		!words_start(argv, "--disable-shared") &&
		!words_start(argv, "--enable-shared"))
		words_push(&build->pool, argv, "--disable-shared");
}

/* Makefiles without a configure in front set CC themselves; only arguments win. */
static void
make_add_tools(struct completion *c)
{
	static const char *const names[] = {
		"CC=", "CXX=", "AR=", "RANLIB=", "STRIP=", "LD=", "NM="};
	struct build *build = c->build;

	if (source_has(build, "config.status") || source_has(build, "config.mak") ||
		source_has(build, "CMakeCache.txt"))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t j = 0; j < build->env.n; j++)
			if (strncmp(build->env.v[j], names[i], strlen(names[i])) == 0 &&
				!words_start(c->argv, names[i]))
				words_push(&build->pool, c->argv, build->env.v[j]);
}

void
complete_make_flags(struct completion *c)
{
	const struct msmv_host *host = c->build->host;
	struct msmv_stage *stage = c->build->stage;

	for (size_t i = 0; i < host->option_count(stage, "make_flags"); i++)
		words_push(&c->build->pool, c->argv, host->option_at(stage, "make_flags", i));
}

/* A makefile that never heard of DESTDIR mostly knows PREFIX. */
static void
make_add_place(struct completion *c)
{
	static const char *const files[] = {"GNUmakefile", "makefile", "Makefile"};
	struct build *build = c->build;
	const char *file = NULL;

	for (size_t i = 0; !file && i < sizeof(files) / sizeof(files[0]); i++)
		if (source_has(build, files[i]))
			file = pool_fmt(&build->pool, "%s/%s", build->source, files[i]);
	words_fmt(&build->pool, c->argv, "DESTDIR=%s", build->dest);
	if (file && !file_mentions(file, "DESTDIR") && !file_mentions(file, "include ") &&
		file_mentions(file, "PREFIX") && !words_start(c->argv, "PREFIX="))
		words_fmt(&build->pool, c->argv, "PREFIX=%s/usr/local", build->dest);
}

/* MAKE_COMMAND for make, then everything that only a make understands. */
static void
add_make(struct completion *c)
{
	struct build *build = c->build;
	bool install = c->step == STEP_INSTALL;
	struct words make = {0};

	if (strcmp(c->argv->v[0], "make") == 0) {
		tools_make(build, &make);
		for (size_t i = 1; i < c->argv->n; i++)
			words_push(&build->pool, &make, c->argv->v[i]);
		*c->argv = make;
	}
	/* Few install targets are made to run in parallel. */
	if (!words_start(c->argv, "-j") && (install || !complete_has_jobserver()))
		words_fmt(&build->pool, c->argv, "-j%d",
			install ? 1 : build->host->jobs(build->stage));
	complete_make_flags(c);
	make_add_tools(c);
	if (install && !c->placed)
		make_add_place(c);
}

static const struct {
	const char *program;
	void (*add)(struct completion *c);
} programs[] = {
	{"configure", add_configure},
	{"make", add_make},
	{"gmake", add_make},
	{"cmake", complete_cmake},
	{"meson", complete_meson},
	{"ninja", complete_ninja},
};

void
command_complete(
	struct build *build, enum step step, bool placed, struct split_command *command)
{
	struct completion c = {build, step, placed, &command->argv, &command->env};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (named(command->argv.v[0], programs[i].program)) {
			programs[i].add(&c);
			return;
		}
	/* "my-make" is still a make, though not our $MAKE_COMMAND. */
	if (strlen(command->argv.v[0]) > 5 &&
		strcmp(command->argv.v[0] + strlen(command->argv.v[0]) - 5, "-make") == 0)
		add_make(&c);
}

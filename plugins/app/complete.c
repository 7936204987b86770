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

#include "app.h"
#include "toolchain.h"
#include "tools.h"

/* One command while it is completed. */
struct completion {
	struct build *build;
	enum step step;
	bool placed;
	struct words *argv;
	struct words *env;
};

static bool
named(const char *program, const char *name)
{
	const char *slash = strrchr(program, '/');

	return strcmp(slash ? slash + 1 : program, name) == 0;
}

/* True when a word has the text in it: -DNAME=x, and -D NAME=x in two words. */
static bool
mentions(const struct words *argv, const char *text)
{
	for (size_t i = 1; i < argv->n; i++)
		if (strstr(argv->v[i], text))
			return true;
	return false;
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

static bool
has_jobserver(void)
{
	const char *flags = getenv("MAKEFLAGS");

	return flags && strstr(flags, "--jobserver");
}

/* For programs that take DESTDIR from their environment alone. */
static void
add_destdir(struct completion *c)
{
	if (c->step == STEP_INSTALL && !c->placed)
		words_fmt(&c->build->pool, c->env, "DESTDIR=%s", c->build->dest);
}

static void
add_defines(struct completion *c)
{
	const struct msmv_host *host = c->build->host;
	struct msmv_stage *stage = c->build->stage;

	for (size_t i = 0; i < host->option_count(stage, "options"); i++)
		words_fmt(&c->build->pool, c->argv, "-D%s=%s",
			host->option_key(stage, "options", i),
			host->option_at(stage, "options", i));
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
	/* libtool would try shared libraries, which a static C library cannot make. */
	if (build->musl && file_mentions(script, "--enable-shared") &&
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

static void
make_add_flags(struct completion *c)
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
	if (!words_start(c->argv, "-j") && (install || !has_jobserver()))
		words_fmt(&build->pool, c->argv, "-j%d",
			install ? 1 : build->host->jobs(build->stage));
	make_add_flags(c);
	make_add_tools(c);
	if (install && !c->placed)
		make_add_place(c);
}

/* The word behind --build, the folder. */
static const char *
cmake_folder(const struct completion *c)
{
	return c->argv->n > 2 ? c->argv->v[2] : ".";
}

/* make goes by the engine's jobserver, a ninja of today does not. */
static void
cmake_add_jobs(struct completion *c)
{
	struct pool *pool = &c->build->pool;
	const char *folder = cmake_folder(c);
	const char *ninja = pool_fmt(pool, "%s%s%s/build.ninja",
		folder[0] == '/' ? "" : c->build->source, folder[0] == '/' ? "" : "/", folder);

	if (!words_start(c->argv, "-j") && !words_start(c->argv, "--parallel") &&
		(!has_jobserver() || access(ninja, F_OK) == 0))
		words_fmt(pool, c->argv, "-j%d", c->build->host->jobs(c->build->stage));
	if (!c->build->host->option_count(c->build->stage, "make_flags"))
		return;
	if (!words_start(c->argv, "--"))
		words_push(pool, c->argv, "--");
	make_add_flags(c);
}

static void
cmake_add_settings(struct completion *c)
{
	struct build *build = c->build;
	struct words make = {0};
	const struct {
		const char *name, *value;
		bool wanted;
	} table[] = {
		{"CMAKE_TOOLCHAIN_FILE", toolchain_cmake(build), true},
		{"CMAKE_BUILD_TYPE", "Release", true},
		{"CMAKE_INSTALL_PREFIX", "/usr/local", true},
		/* Left alone it depends on the machine that builds. */
		{"CMAKE_INSTALL_LIBDIR", "lib", true},
		{"BUILD_SHARED_LIBS", "OFF", build->musl || build->kind->links_static},
		{"CMAKE_MAKE_PROGRAM", NULL, !mentions(c->argv, "-G")},
	};

	tools_make(build, &make);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *value = table[i].value ? table[i].value
		                                   : tools_find(build, make.v[0]);

		if (table[i].wanted && value && !mentions(c->argv, table[i].name))
			words_fmt(&build->pool, c->argv, "-D%s=%s", table[i].name, value);
	}
	add_defines(c);
}

static void
add_cmake(struct completion *c)
{
	static const char *const others[] = {"--install", "-E", "-P", "--open", "--version",
		"--help", "--workflow"};

	if (words_start(c->argv, "--build")) {
		cmake_add_jobs(c);
		add_destdir(c);
		return;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (words_start(c->argv, others[i])) {
			add_destdir(c);
			return;
		}
	cmake_add_settings(c);
}

static void
add_ninja(struct completion *c)
{
	if (!words_start(c->argv, "-j"))
		words_fmt(&c->build->pool, c->argv, "-j%d",
			c->build->host->jobs(c->build->stage));
	add_destdir(c);
}

static void
meson_add_settings(struct completion *c)
{
	struct build *build = c->build;
	bool archives = build->musl || build->kind->links_static;
	const struct {
		const char *text; /* what the recipe's words would have in them */
		const char *word;
		bool wanted;
	} table[] = {
		{"--cross-file",
			pool_fmt(&build->pool, "--cross-file=%s", toolchain_meson(build)),
			build->cross},
		{"--native-file",
			pool_fmt(&build->pool, "--native-file=%s", toolchain_meson(build)),
			!build->cross},
		{"--buildtype", "--buildtype=release", !mentions(c->argv, "-Dbuildtype")},
		{"--prefix", "--prefix=/usr/local", !mentions(c->argv, "-Dprefix")},
		{"--libdir", "--libdir=lib", !mentions(c->argv, "-Dlibdir")},
		{"--wrap-mode", "--wrap-mode=nodownload", true},
		{"default_library", "-Ddefault_library=static",
			archives && !mentions(c->argv, "--default-library")},
		{"prefer_static", "-Dprefer_static=true",
			archives && !mentions(c->argv, "--prefer-static")},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].wanted && !mentions(c->argv, table[i].text))
			words_push(&build->pool, c->argv, table[i].word);
	add_defines(c);
}

static void
add_meson(struct completion *c)
{
	const char *verb = c->argv->n > 1 ? c->argv->v[1] : "";

	if (strcmp(verb, "setup") == 0) {
		meson_add_settings(c);
	} else if (strcmp(verb, "compile") == 0) {
		if (!words_start(c->argv, "-j"))
			words_fmt(&c->build->pool, c->argv, "-j%d",
				c->build->host->jobs(c->build->stage));
	} else if (strcmp(verb, "install") == 0) {
		add_destdir(c);
	}
}

static const struct {
	const char *program;
	void (*add)(struct completion *c);
} programs[] = {
	{"configure", add_configure},
	{"make", add_make},
	{"gmake", add_make},
	{"cmake", add_cmake},
	{"meson", add_meson},
	{"ninja", add_ninja},
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

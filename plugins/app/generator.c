/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * cmake and meson make the files that make and ninja build by. They are told what is in
 * toolchain.c, and where things are installed.
 */
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "complete_parts.h"
#include "toolchain.h"
#include "tools.h"

/* True when a word has the text in it: -DNAME=x, and -D NAME=x in two words. */
static bool
mentions(const struct words *argv, const char *text)
{
	for (size_t i = 1; i < argv->n; i++)
		if (strstr(argv->v[i], text))
			return true;
	return false;
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
	bool parted = false;

	if (!words_start(c->argv, "-j") && !words_start(c->argv, "--parallel") &&
		(!complete_has_jobserver() || access(ninja, F_OK) == 0))
		words_fmt(pool, c->argv, "-j%d", c->build->host->jobs(c->build->stage));
	if (!c->build->host->option_count(c->build->stage, "make_flags"))
		return;
	for (size_t i = 0; i < c->argv->n && !parted; i++)
		parted = strcmp(c->argv->v[i], "--") == 0;
	if (!parted)
		words_push(pool, c->argv, "--");
	complete_make_flags(c);
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

void
complete_cmake(struct completion *c)
{
	static const char *const others[] = {"--install", "-E", "-P", "--open", "--version",
		"--help", "--workflow"};

	if (words_start(c->argv, "--build")) {
		cmake_add_jobs(c);
		complete_destdir(c);
		return;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (words_start(c->argv, others[i])) {
			complete_destdir(c);
			return;
		}
	cmake_add_settings(c);
}

void
complete_ninja(struct completion *c)
{
	if (!words_start(c->argv, "-j"))
		words_fmt(&c->build->pool, c->argv, "-j%d",
			c->build->host->jobs(c->build->stage));
	complete_destdir(c);
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

void
complete_meson(struct completion *c)
{
	const char *verb = c->argv->n > 1 ? c->argv->v[1] : "";

	if (strcmp(verb, "setup") == 0) {
		meson_add_settings(c);
	} else if (strcmp(verb, "compile") == 0) {
		if (!words_start(c->argv, "-j"))
			words_fmt(&c->build->pool, c->argv, "-j%d",
				c->build->host->jobs(c->build->stage));
	} else if (strcmp(verb, "install") == 0) {
		complete_destdir(c);
	}
}

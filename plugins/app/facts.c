/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What of this machine can change an application's bytes, for the action key: compilers
 * and linker, the programs of the kind, and those that the recipe names.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "app.h"
#include "tools.h"
#include "uapi.h"

/* Each program of a command such as "ccache gcc -m64" is a fact of its own. */
static int
facts_command(struct build *build, const char *field, const struct words *argv)
{
	for (size_t i = 0; i < argv->n; i++) {
		const char *path = argv->v[i][0] == '-' ? NULL : tools_find(build, argv->v[i]);
		const char *name = i ? pool_fmt(&build->pool, "%s.%zu", field, i) : field;

		if (path && build->host->fact_tool(build->stage, name, path, "--version"))
			return -1;
	}
	return 0;
}

/* A program that may be missing: when it is installed, the facts are asked for anew. */
static int
facts_optional(struct build *build, const char *field, const char *program)
{
	const char *found = tools_find(build, program);
	const char *path = getenv("PATH");

	if (found)
		return build->host->fact_tool(build->stage, field, found, "--version");
	for (const char *at = path ? path : ""; *at;) {
		size_t len = strcspn(at, ":");

		if (len && build->host->fact_witness(build->stage,
			pool_fmt(&build->pool, "%.*s/%s", (int)len, at, program)))
			return -1;
		at += len + (at[len] == ':');
	}
	return build->host->fact(build->stage, field, "none");
}

/* C++ and pkg-config: many sources need neither. */
static int
facts_more(struct build *build)
{
	const char *prefix = build->host->arch(build->stage, "cross.prefix");
	const char *name = build->cross ? pool_fmt(&build->pool, "%sg++", prefix) : "g++";

	if (facts_optional(build, "pkg-config", "pkg-config"))
		return -1;
	return build->cxx.n ? facts_command(build, "cxx", &build->cxx)
	                    : facts_optional(build, "cxx", name);
}

static bool
text_calls(struct build *build, const char *program)
{
	static const char *const texts[] = {"config_script", "build_command", "install_command"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = build->host->option(build->stage, texts[i]);

		if (text && strstr(text, program))
			return true;
	}
	return false;
}

/* The programs of the kind, and those of other kinds that a recipe calls by itself. */
static int
facts_kind(struct build *build)
{
	static const char *const known[] = {"cmake", "meson", "ninja", "autoreconf"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bool needed = text_calls(build, known[i]);
		const char *path;

		for (size_t k = 0; build->kind->tools[k]; k++)
			needed = needed || strcmp(build->kind->tools[k], known[i]) == 0;
		if (!needed)
			continue;
		path = tools_find(build, known[i]);
		if (!path)
			return tools_missing(build, known[i]);
		if (build->host->fact_tool(build->stage, known[i], path, "--version"))
			return -1;
	}
	return 0;
}

/* What the recipe says its build calls besides a compiler and make. */
static int
facts_extra(struct build *build)
{
	const struct msmv_host *host = build->host;

	for (size_t i = 0; i < host->option_count(build->stage, "tools"); i++) {
		const char *name = host->option_at(build->stage, "tools", i);
		const char *path = tools_find(build, name);

		if (!path)
			return host->fail(build->stage, MSMV_FAIL_TOOL,
				"tools: the recipe needs the program %s on this machine, and "
				"it is not installed", name);
		if (host->fact_file(build->stage,
			pool_fmt(&build->pool, "tool.%s", name), path))
			return -1;
	}
	return 0;
}

int
tools_facts(struct build *build)
{
	struct words make = {0};
	struct utsname machine;
	const char *ld;

	if (tools_choose(build))
		return -1;
	tools_make(build, &make);
	if (!tools_find(build, make.v[0]))
		return tools_missing(build, make.v[0]);
	ld = tools_binutil(build, "ld");
	if (!ld)
		return tools_missing(build, pool_fmt(&build->pool, "%s-ld", build->triplet));
	/* configure is told whether it cross compiles, so the machine counts. */
	if (uname(&machine) == 0 &&
		build->host->fact(build->stage, "build.machine", machine.machine))
		return -1;
	if (facts_command(build, "cc", &build->cc) || facts_command(build, "make", &make))
		return -1;
	if (build->host->fact_tool(build->stage, "ld", ld, "--version") || uapi_facts(build))
		return -1;
	return facts_more(build) || facts_kind(build) || facts_extra(build);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Sources look for their compiler in many ways: $CC, CROSS_COMPILE, the name
 * TRIPLET-gcc, plain "ar". All of them end at one folder of tools in front of
 * PATH, so that none of them reaches the machine's own C library by accident.
 */
#include "tools.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "split.h"
#include "toolchain.h"
#include "wrapper.h"

/* Variable for configure and make, and the binutils program behind it. */
static const struct {
	const char *variable;
	const char *program;
} binutils[] = {
	{"AR", "ar"},
	{"AS", "as"},
	{"LD", "ld"},
	{"NM", "nm"},
	{"OBJCOPY", "objcopy"},
	{"OBJDUMP", "objdump"},
	{"RANLIB", "ranlib"},
	{"READELF", "readelf"},
	{"SIZE", "size"},
	{"STRINGS", "strings"},
	{"STRIP", "strip"},
};

const char *
tools_find(struct build *build, const char *program)
{
	const char *path = getenv("PATH");

	if (strchr(program, '/'))
		return access(program, X_OK) ? NULL : program;
	if (!path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*path) {
		size_t len = strcspn(path, ":");
		const char *full = pool_fmt(&build->pool, "%.*s/%s", (int)len, path, program);

		if (len && access(full, X_OK) == 0)
			return full;
		path += len + (path[len] == ':');
	}
	return NULL;
}

const char *
tools_cross_package(struct build *build, const char *name)
{
	char *package = pool_fmt(&build->pool, "%s-%s", name,
		build->host->arch(build->stage, "gnu.triplet"));

	/* Package names have no underscores. */
	for (char *at = package; (at = strchr(at, '_'));)
		*at = '-';
	return package;
}

/* Debian's package of a program, where it has not the program's name. */
static const char *
tool_package(struct build *build, const char *program)
{
	static const char *const table[][2] = {
		{"ninja", "ninja-build"},
		{"autoreconf", "autoconf, with automake and libtool"},
	};
	const char *triplet = build->host->arch(build->stage, "gnu.triplet");
	size_t len = strlen(triplet);
	bool cross = strncmp(program, triplet, len) == 0;
	const char *plain = cross ? program + len + 1 : program;
	bool gcc = strcmp(plain, "gcc") == 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(program, table[i][0]) == 0)
			return table[i][1];
	if (!cross && strcmp(program, "ld") != 0 && strcmp(program, "ar") != 0)
		return program;
	return cross ? tools_cross_package(build, gcc ? "gcc" : "binutils")
	             : gcc ? "gcc" : "binutils";
}

int
tools_missing(struct build *build, const char *program)
{
	return build->host->fail(build->stage, MSMV_FAIL_TOOL,
		"%s is not installed, and %s programs cannot be built without it; "
		"Debian has it in the package %s",
		program, build->host->arch(build->stage, "gnu.triplet"),
		tool_package(build, program));
}

/* A user's CC or MAKE_COMMAND, which may carry arguments. */
static int
tool_from_env(struct build *build, const char *variable, struct words *argv)
{
	const char *text = build->host->env(build->stage, variable);
	struct split split;
	const char *path;

	if (!text || !*text)
		return 0;
	if (split_text(&build->pool, text, NULL, 0, &split))
		return build->host->fail(build->stage, MSMV_FAIL_TOOL,
			"%s=%s: %s", variable, text, split.error);
	if (split.n != 1 || split.commands[0].env.n)
		return build->host->fail(build->stage, MSMV_FAIL_TOOL,
			"%s=%s is not one program with its arguments", variable, text);
	*argv = split.commands[0].argv;
	path = tools_find(build, argv->v[0]);
	if (!path)
		return build->host->fail(build->stage, MSMV_FAIL_TOOL,
			"%s=%s: there is no program %s; unset %s to use the usual one",
			variable, text, argv->v[0], variable);
	argv->v[0] = path;
	return 0;
}

static bool
runs_here(const char *triplet)
{
	struct utsname machine;
	size_t len = strcspn(triplet, "-");

	return uname(&machine) == 0 && strlen(machine.machine) == len &&
	       strncmp(machine.machine, triplet, len) == 0;
}

const char *
tools_binutil(struct build *build, const char *program)
{
	const char *prefix = build->host->arch(build->stage, "cross.prefix");
	const char *user = build->host->env(build->stage, "LD");
	const char *path = NULL;

	if (user && *user && strcmp(program, "ld") == 0)
		return tools_find(build, user);
	if (prefix)
		path = tools_find(build, pool_fmt(&build->pool, "%s%s", prefix, program));
	if (!path && !build->cross)
		path = tools_find(build, program);
	return path;
}

static int
choose_default(struct build *build, const char *prefix)
{
	const char *name = build->cross ? pool_fmt(&build->pool, "%sgcc", prefix) : "gcc";
	const char *path = tools_find(build, name);

	if (!path)
		return tools_missing(build, name);
	words_push(&build->pool, &build->cc, path);
	return 0;
}

/* What goes with the C compiler: $CXX, else the same maker's. None is no failure. */
static int
choose_cxx(struct build *build, const char *prefix)
{
	bool clang = build->cc.n && strstr(build->cc.v[0], "clang");
	const char *name = clang ? "clang++" : "g++";
	const char *path;

	if (tool_from_env(build, "CXX", &build->cxx))
		return -1;
	if (build->cxx.n)
		return 0;
	if (build->cross && !clang)
		name = pool_fmt(&build->pool, "%sg++", prefix);
	path = tools_find(build, name);
	if (path)
		words_push(&build->pool, &build->cxx, path);
	/* clang's target is an argument. */
	for (size_t i = 1; path && clang && i < build->cc.n; i++)
		words_push(&build->pool, &build->cxx, build->cc.v[i]);
	return 0;
}

int
tools_choose(struct build *build)
{
	const char *gnu = build->host->arch(build->stage, "gnu.triplet");
	const char *prefix = build->host->arch(build->stage, "cross.prefix");

	if (!gnu || !prefix)
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
			"the target architecture's plugin gives no gnu.triplet or no "
			"cross.prefix, so there is no compiler for it");
	build->cross = !runs_here(gnu);
	build->triplet = gnu;
	if (tool_from_env(build, "CC", &build->cc) ||
		(!build->cc.n && choose_default(build, prefix)))
		return -1;
	return choose_cxx(build, prefix);
}

void
tools_make(struct build *build, struct words *argv)
{
	struct words user = {0};

	if (tool_from_env(build, "MAKE_COMMAND", &user) == 0 && user.n)
		words_append(&build->pool, argv, &user);
	else
		words_push(&build->pool, argv, "make");
}

const char *
tools_ask(struct build *build, const char *question)
{
	struct words argv = {0};
	char *answer = NULL;
	struct msmv_command command = {.struct_size = sizeof(command), .output = &answer};

	words_append(&build->pool, &argv, &build->cc);
	words_push(&build->pool, &argv, question);
	command.argv = argv.v;
	if (build->host->run(build->stage, &command) || !answer)
		return NULL;
	return pool_dup(&build->pool, answer, strcspn(answer, "\n"));
}

/* A compiler for another machine would only be noticed after all was built. */
static int
compiler_check(struct build *build)
{
	const char *gnu = build->host->arch(build->stage, "gnu.triplet");
	const char *machine = tools_ask(build, "-dumpmachine");
	const char *version = machine ? tools_ask(build, "--version") : NULL;
	size_t len = strcspn(gnu, "-") + 1;

	if (!version)
		return -1;
	build->clang = strstr(version, "clang") != NULL;
	if (strncmp(machine, gnu, len) == 0)
		return 0;
	return build->host->fail(build->stage, MSMV_FAIL_TOOL,
		"CC=%s makes programs for %s, but the target is %s: unset CC, or set it "
		"to %sgcc", words_join(&build->pool, &build->cc, " "), machine, gnu,
		build->host->arch(build->stage, "cross.prefix"));
}

static void
env_set(struct build *build, const char *name, const char *value)
{
	words_fmt(&build->pool, &build->env, "%s=%s", name, value);
}

/* The same program under the target's name. */
static int
tool_link(struct build *build, const char *real, const char *program)
{
	const char *link =
		pool_fmt(&build->pool, "%s/%s-%s", build->tools, build->triplet, program);

	if (symlink(real, link) && errno != EEXIST)
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
			"cannot make %s: %s", link, strerror(errno));
	return 0;
}

static int
tools_link_all(struct build *build)
{
	for (size_t i = 0; i < sizeof(binutils) / sizeof(binutils[0]); i++) {
		const char *real = tools_binutil(build, binutils[i].program);

		if (!real)
			return tools_missing(build, pool_fmt(&build->pool, "%s%s",
				build->host->arch(build->stage, "cross.prefix"),
				binutils[i].program));
		if (tool_link(build, real, binutils[i].program))
			return -1;
		env_set(build, binutils[i].variable,
			pool_fmt(&build->pool, "%s-%s", build->triplet, binutils[i].program));
	}
	return 0;
}

static void
env_compiler(struct build *build)
{
	const char *path = getenv("PATH");
	const char *root = build->sysroot;

	env_set(build, "CC", pool_fmt(&build->pool, "%s-gcc", build->triplet));
	env_set(build, "CXX", pool_fmt(&build->pool, "%s-g++", build->triplet));
	env_set(build, "PKG_CONFIG", pool_fmt(&build->pool, "%s-pkg-config", build->triplet));
	/* For those who call it by its plain name. */
	env_set(build, "PKG_CONFIG_LIBDIR",
		pool_fmt(&build->pool,
			"%s/usr/local/lib/pkgconfig:%s/usr/local/share/pkgconfig:"
			"%s/usr/lib/pkgconfig:%s/usr/share/pkgconfig", root, root, root, root));
	env_set(build, "PKG_CONFIG_SYSROOT_DIR", root);
	env_set(build, "PKG_CONFIG_PATH", "");
	env_set(build, "CROSS_COMPILE", pool_fmt(&build->pool, "%s-", build->triplet));
	env_set(build, "PATH", pool_fmt(&build->pool, "%s:%s", build->tools,
		path ? path : "/usr/local/bin:/usr/bin:/bin"));
	/* Helpers that run during the build are for this machine. */
	env_set(build, "BUILD_CC", "gcc");
	env_set(build, "CC_FOR_BUILD", "gcc");
	env_set(build, "HOSTCC", "gcc");
}

int
tools_install(struct build *build)
{
	if (compiler_check(build))
		return -1;
	if (build->musl)
		build->triplet = pool_fmt(&build->pool, "%.*s-linux-musl",
			(int)strcspn(build->triplet, "-"), build->triplet);
	if (mkdir(build->tools, 0755))
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
			"cannot make %s: %s", build->tools, strerror(errno));
	env_compiler(build);
	if (tools_link_all(build))
		return -1;
	return wrapper_install(build) || toolchain_install(build) ? -1 : 0;
}

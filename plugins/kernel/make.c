/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's make command line, and the facts about the tools that it uses. */
#include "make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *
kernel_cross(struct msmv_stage *s)
{
	const char *triplet = s->host->arch(s, "gnu.triplet");
	const char *prefix = s->host->arch(s, "cross.prefix");
	struct utsname here;
	size_t len;

	if (!triplet || !prefix || uname(&here) < 0)
		return prefix ? prefix : "";
	len = strlen(here.machine);
	return strncmp(triplet, here.machine, len) == 0 && triplet[len] == '-' ? "" : prefix;
}

char *
kernel_cc(struct msmv_stage *s)
{
	const char *cc = s->host->env(s, "CC");

	return cc && *cc ? xcopy(cc) : xformat("%sgcc", kernel_cross(s));
}

void
kernel_make(struct msmv_stage *s, struct list *argv, const char *src, const char *obj)
{
	static const char *const passed[] = { "LD", "HOSTCC" };
	const struct msmv_host *host = s->host;
	const char *command = s->host->env(s, "MAKE_COMMAND");
	cleanup_free char *cc = kernel_cc(s);

	list_add_words(argv, command && *command ? command : "make");
	list_add(argv, "-C");
	list_add(argv, src);
	list_addf(argv, "O=%s", obj);
	list_addf(argv, "ARCH=%s", s->host->arch(s, "kernel.arch"));
	if (*kernel_cross(s))
		list_addf(argv, "CROSS_COMPILE=%s", kernel_cross(s));
	list_addf(argv, "CC=%s", cc);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
		const char *value = s->host->env(s, passed[i]);

		if (value && *value)
			list_addf(argv, "%s=%s", passed[i], value);
	}
	for (size_t i = 0; i < host->option_count(s, "make_flags"); i++)
		list_add(argv, host->option_at(s, "make_flags", i));
}

/* "ccache gcc -m64": the compiler is the word after the wrappers, and tells its version. */
static char *
compiler_word(const char *cc)
{
	static const char *const wrappers[] = { "ccache", "distcc", "sccache", "icecc", "env" };
	cleanup_list struct list words = { 0 };
	bool wrapped;

	list_add_words(&words, cc);
	for (size_t i = 0; i < words.len; i++) {
		const char *base = strrchr(words.v[i], '/');

		base = base ? base + 1 : words.v[i];
		wrapped = strchr(base, '=') != NULL;
		for (size_t k = 0; k < sizeof(wrappers) / sizeof(wrappers[0]); k++)
			wrapped = wrapped || strcmp(base, wrappers[k]) == 0;
		if (!wrapped)
			return xcopy(words.v[i]);
	}
	return xcopy(cc);
}

int
kernel_cc_check(struct msmv_stage *s)
{
	const char *triplet = s->host->arch(s, "gnu.triplet");
	const char *cc = s->host->env(s, "CC");
	cleanup_free char *word = NULL;
	char *machine = NULL;

	/* clang is told its target by the kernel's Makefile. */
	if (!cc || !*cc || !triplet || strstr(cc, "clang"))
		return 0;
	word = compiler_word(cc);
	const char *argv[] = { word, "-dumpmachine", NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = argv, .output = &machine };
	int status = s->host->run(s, &c);
	size_t len = strcspn(triplet, "-");

	if (status < 0)
		return -1;
	if (status == 0 && machine && strncmp(machine, triplet, len + 1) != 0)
		return s->host->fail(s, MSMV_FAIL_RECIPE, "CC=%s makes code for %.*s, the target "
			"is %.*s: unset CC, or set it to a compiler for the target", cc,
			(int)strcspn(machine, "\n"), machine, (int)len, triplet);
	return 0;
}

int
kernel_facts_toolchain(struct msmv_stage *s)
{
	const char *cross = kernel_cross(s);
	const char *user_ld = s->host->env(s, "LD");
	cleanup_free char *cc = kernel_cc(s);
	cleanup_free char *word = compiler_word(cc);
	cleanup_free char *as = xformat("%sas", cross);
	cleanup_free char *ld = user_ld && *user_ld ? xcopy(user_ld) : xformat("%sld", cross);

	if (s->host->fact_tool(s, "cc", word, "--version") < 0 ||
	    s->host->fact_tool(s, "as", as, "--version") < 0)
		return -1;
	return s->host->fact_tool(s, "ld", ld, "--version");
}

/* The file that the name stands for; NULL: not installed. absent gets all places looked at. */
static char *
search(const char *tool, struct list *absent)
{
	const char *path = getenv("PATH");
	cleanup_free char *folders = xcopy(path ? path : "/usr/bin:/bin");
	char *rest = folders;
	char *folder;

	while ((folder = strsep(&rest, ":"))) {
		char *file = xformat("%s/%s", folder, tool);

		if (access(file, X_OK) == 0)
			return file;
		list_add(absent, file);
		free(file);
	}
	return NULL;
}

int
kernel_fact_optional(struct msmv_stage *s, const char *tool)
{
	cleanup_list struct list absent = { 0 };
	cleanup_free char *file = search(tool, &absent);

	if (file)
		return s->host->fact_tool(s, tool, file, "--version");
	for (size_t i = 0; i < absent.len; i++) {
		if (s->host->fact_witness(s, absent.v[i]) < 0)
			return -1;
	}
	return s->host->fact(s, tool, "not installed");
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv kconfig: the kernel's configuration that a recipe asks for, looked at and mended. */
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/kconfig_part.h"

static const struct cmd_option options[] = {
	{ 'b', "build-dir", "DIR", "keep everything of this build in DIR" },
	{ 0, "store", "DIR", "where results are kept (default ~/.cache/msmv)" },
	{ 0, "set", "KEY=VALUE", "change a recipe value for this once" },
	{ 0, "profile", "NAME", "put [profile.NAME] over the recipe; may be given again" },
	{ 0, "arch", "ARCH", "of a recipe for several architectures this one" },
	{ 0, "machine", "NAME", "check, fix: a machine that it is to boot on; check: or all" },
	{ 0, "dry-run", NULL, "fix: show the change, write nothing" },
	{ 0, "json", NULL, "check, diff: one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static const struct {
	const char *name;
	size_t words;
	const char *usage;
	const char *options; /* that only some have */
	int (*run)(const struct args *args, const char *const *words);
} verbs[] = {
	{ "check", 1, "check RECIPE [--machine NAME|all] [--json]", "machine json",
		kconfig_check },
	{ "fix", 1, "fix RECIPE [--machine NAME] [--dry-run]", "machine dry-run", kconfig_fix },
	{ "menuconfig", 1, "menuconfig RECIPE", "", kconfig_menuconfig },
	{ "diff", 2, "diff A B [--json]", "json", kconfig_diff },
};

static int
no_such_verb(const char *name)
{
	const char *names[ARRAY_LEN(verbs)];
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		names[i] = verbs[i].name;
	near = suggest(name, names, ARRAY_LEN(verbs));
	return complain(EXIT_USAGE, "there is no msmv kconfig %s%s%s%s (msmv kconfig --help)", name,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
}

static int
run(const struct args *args)
{
	static const char *const some[] = { "machine", "dry-run", "json" };
	const char *verb = args->words.v[0];
	size_t i = 0;

	while (i < ARRAY_LEN(verbs) && !streq(verbs[i].name, verb))
		i++;
	if (i == ARRAY_LEN(verbs))
		return no_such_verb(verb);
	if (args->words.len != verbs[i].words + 1)
		return complain(EXIT_USAGE, "usage: msmv kconfig %s", verbs[i].usage);
	for (size_t k = 0; k < ARRAY_LEN(some); k++)
		if (args_has(args, some[k]) && !strstr(verbs[i].options, some[k]))
			return complain(EXIT_USAGE, "kconfig %s has no option --%s; usage: msmv "
				"kconfig %s", verb, some[k], verbs[i].usage);
	return verbs[i].run(args, args->words.v + 1);
}

const struct cmd cmd_kconfig = {
	.name = "kconfig",
	.synopsis = "check|fix|menuconfig RECIPE | diff A B [OPTIONS]",
	.help = "Check, mend, edit or compare kernel configurations",
	.text = "check       which options do not hold, and why; with --machine what a machine\n"
		"            lacks to boot at all. Exit 0: all hold, and the machine named boots\n"
		"fix         writes what they need into the recipe's [kernel.options], if all\n"
		"            hold then\n"
		"menuconfig  the kernel's own menus; what you change goes into [kernel.options]\n"
		"diff        options that differ between recipes or .config files. Exit 0: none,\n"
		"            1: some, 2: trouble\n",
	.options = options,
	.min_words = 1,
	.max_words = 3,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv kconfig fix: asks for what the asked options need. The report's repairs are
 * tried on the pipeline first, as often as they lead to further ones, and the recipe
 * is written only if more holds then. What it asks for itself is never turned around.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/kconfig_part.h"

enum { ROUNDS = 8 };

static bool
mended(const json_t *report, const char *machine)
{
	return !report_broken(report) && (!machine || report_boots(report, machine));
}

/* Adds what is new to all. Is there any? */
static bool
take_new(struct map *all, const struct map *found, const json_t *report)
{
	bool any = false;

	for (size_t i = 0; i < found->len; i++) {
		const char *have = map_get(all, found->items[i].key);
		const char *value = found->items[i].value;

		if ((have && streq(have, value)) ||
		    report_refuses(report, found->items[i].key, value))
			continue;
		any = true;
		free(map_put(all, found->items[i].key, xstrdup(value)));
	}
	return any;
}

/* Repairs until nothing is left to repair, or nothing new would be. */
static int
try_repairs(struct kconfig *k, const char *machine, struct map *values)
{
	for (int round = 0; round < ROUNDS && !mended(k->report, machine); round++) {
		struct map found = MAP_INIT;
		bool any;
		int code;

		report_repair(k->report, machine, &found);
		any = take_new(values, &found, k->report);
		map_release(&found, free);
		if (!any)
			return 0;
		for (size_t i = 0; i < values->len; i++)
			kconfig_ask(k, values->items[i].key, values->items[i].value);
		code = kconfig_run(k);
		if (code)
			return code;
	}
	return 0;
}

/* broken: how many did not hold before. */
static int
conclude(struct kconfig *k, const char *machine, const struct map *values, size_t broken,
	bool dry_run)
{
	bool whole = mended(k->report, machine);
	size_t left = report_broken(k->report);
	const char *recipe = k->session.pipeline.recipe;
	int code;

	if (whole && !values->len) {
		printf("%s: nothing to fix\n", recipe);
		return EXIT_DONE;
	}
	if (!whole)
		report_print(k->report);
	if (!whole && (!values->len || left >= broken))
		return complain(EXIT_FAILED, "there is no repair for that; %s is as it was", recipe);
	code = kconfig_edit(k, values, dry_run);
	if (code == 0)
		printf("%s: %zu option%s %s\n", recipe, values->len, values->len == 1 ? "" : "s",
			dry_run ? "would be written" : "written");
	if (code == 0 && !whole)
		code = complain(EXIT_FAILED, "for the rest there is no repair");
	return code;
}

int
kconfig_fix(const struct args *args, const char *const *words)
{
	const char *machine = args_get(args, "machine", 0);
	struct map values = MAP_INIT;
	struct kconfig k;
	size_t broken = 0;
	int code;

	if (machine && streq(machine, "all"))
		return complain(EXIT_USAGE, "kconfig fix wants one machine, not all of them");
	code = kconfig_open(&k, args, words[0]);
	if (code == 0 && machine)
		kconfig_set(&k, "machines", machine);
	if (code == 0)
		code = kconfig_run(&k);
	if (code == 0) {
		broken = report_broken(k.report);
		code = try_repairs(&k, machine, &values);
	}
	if (code == 0)
		code = conclude(&k, machine, &values, broken, args_has(args, "dry-run"));
	map_release(&values, free);
	kconfig_close(&k);
	return code;
}

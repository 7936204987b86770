/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv kconfig check: which options do not hold, why, and on which machines it boots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/kconfig_part.h"

static void
print_json(const json_t *report)
{
	char *text = json_dumps(report, JSON_INDENT(2));

	if (text)
		puts(text);
	free(text);
}

int
kconfig_check(const struct args *args, const char *const *words)
{
	const char *machine = args_get(args, "machine", 0);
	struct kconfig k;
	int code = kconfig_open(&k, args, words[0]);

	if (code == 0 && machine)
		kconfig_set(&k, "machines", machine);
	if (code == 0)
		code = kconfig_run(&k);
	if (code == 0 && args_has(args, "json"))
		print_json(k.report);
	else if (code == 0)
		report_print(k.report);
	if (code == 0 && (report_broken(k.report) || (machine && !streq(machine, "all") &&
			!report_boots(k.report, machine))))
		code = EXIT_FAILED;
	kconfig_close(&k);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv kconfig menuconfig: the kernel's own menus on the recipe's configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/kconfig_part.h"
#include "cli/relay.h"

/* All that the menus need is fetched and configured before they own the terminal. */
static int
prepare(struct kconfig *k, const struct args *args, const char *recipe)
{
	int code = kconfig_open(k, args, recipe);

	if (code == 0 && !plugin_option(k->stage->plugin, "menu_tty"))
		code = complain(EXIT_FAILED, "plugin %s has no menus", k->stage->plugin->name);
	if (code == 0 && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		code = complain(EXIT_FAILED, "menuconfig needs a terminal; without one, write "
			"[kernel.options] and use msmv kconfig check");
	return code ? code : kconfig_run(k);
}

static int
show_menus(struct kconfig *k)
{
	const char *term = getenv("TERM");
	struct err err = ERR_INIT;
	struct relay relay;
	int code;

	if (relay_open(&relay, &err) < 0) {
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
		err_clear(&err);
		return code;
	}
	kconfig_set(k, "menu_tty", relay.tty);
	kconfig_set(k, "menu_term", term && *term ? term : "linux");
	k->quiet = true;
	k->session.ctx.timeout_s = 0; /* a person may think */
	k->session.ctx.timeout_given = true;
	code = kconfig_run(k);
	relay_close(&relay);
	return code;
}

static int
write_back(const struct kconfig *k)
{
	const json_t *one;
	struct map values = MAP_INIT;
	int code = 0;
	size_t i;

	json_array_foreach(json_object_get(k->report, "changed"), i, one)
		if (*report_text(one, "name"))
			free(map_put(&values, report_text(one, "name"),
				xstrdup(report_text(one, "value"))));
	if (values.len)
		code = kconfig_edit(k, &values, false);
	else
		printf("%s: nothing was changed\n", k->session.pipeline.recipe);
	map_release(&values, free);
	return code;
}

int
kconfig_menuconfig(const struct args *args, const char *const *words)
{
	struct kconfig k;
	int code = prepare(&k, args, words[0]);

	if (code == 0)
		code = show_menus(&k);
	if (code == 0)
		code = write_back(&k);
	kconfig_close(&k);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * menuconfig draws on a terminal and must own it, so that keys such as Ctrl-C reach
 * it; setsid of util-linux makes the terminal the one of a session of its own. All of
 * make's output goes there too, which on a first run is the compiling of the menus.
 */
#include "menu.h"

int
menu_run(struct msmv_stage *s, const struct list *make)
{
	const char *tty = s->host->option(s, "menu_tty");
	cleanup_free char *term = xformat("TERM=%s", s->host->option(s, "menu_term"));
	const char *const env[] = { term, NULL };
	cleanup_list struct list argv = { 0 };

	list_add(&argv, "setsid");
	list_add(&argv, "--ctty");
	list_add(&argv, "--wait");
	for (size_t i = 0; i < make->len; i++)
		list_add(&argv, make->v[i]);
	list_add(&argv, "menuconfig");
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = (const char *const *)argv.v, .env = env, .stdin_path = tty,
		.stdout_path = tty };
	int status = s->host->run(s, &c);

	if (status > 0)
		return s->host->fail(s, MSMV_FAIL_TOOL, "the kernel's menus ended with status %d; "
			"they need a terminal of 80x19 and ncurses' headers (libncurses-dev); the "
			"log shows what they said", status);
	return status;
}

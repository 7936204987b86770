/* SPDX-License-Identifier: GPL-3.0-only */
/* The msmv program: finds the command, and is the only place that exits. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/cmd.h"
#include "config.h"

const struct cmd *const commands[] = { &cmd_run, &cmd_plan, &cmd_plugins, &cmd_log, &cmd_clean,
	NULL };

static void
help(FILE *out)
{
	fputs("msmv: one recipe in, one bootable microVM out, proven by booting it\n\n"
	      "usage: msmv COMMAND [OPTIONS]\n\ncommands:\n", out);
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
	fputs("\nmsmv COMMAND --help tells more; msmv -c RECIPE is short for msmv run RECIPE.\n"
	      "exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted\n", out);
}

static int
no_such_command(const char *name)
{
	const char *names[16];
	const char *near;
	size_t n = 0;

	for (; commands[n]; n++)
		names[n] = commands[n]->name;
	near = suggest(name, names, n);
	return complain(EXIT_USAGE, "there is no command '%s'%s%s%s (msmv --help)", name,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
}

static int
dispatch(const struct cmd *cmd, char *const *argv)
{
	struct args args = { .ngiven = 0 };
	int code = args_parse(cmd, argv, &args);

	if (code < 0) {
		args_help(cmd);
		code = 0;
	} else if (code == 0) {
		code = cmd->run(&args);
	}
	vec_release(&args.words);
	if (fflush(stdout) != 0 && code == 0)
		code = complain(EXIT_FAILED, "cannot write to standard output");
	return code;
}

/* The first originals are called with options alone: -c RECIPE -b DIR. */
static const struct cmd *
implied(const char *word)
{
	static const char *const starts[] = { "-c", "-b", "--config-file", "--build-dir" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strncmp(word, starts[i], strlen(starts[i])) == 0)
			return &cmd_run;
	return NULL;
}

int
main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;

	signal(SIGPIPE, SIG_IGN);
	if (!word) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (streq(word, "--help") || streq(word, "-h") || streq(word, "help")) {
		help(stdout);
		return EXIT_DONE;
	}
	if (streq(word, "--version") || streq(word, "-V")) {
		printf("msmv %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; commands[i]; i++)
		if (streq(word, commands[i]->name))
			return dispatch(commands[i], argv + 2);
	if (implied(word))
		return dispatch(implied(word), argv + 1);
	return no_such_command(word);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The msmv program: finds the command, and is the only place that exits. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/cmd.h"
#include "cli/json.h"
#include "config.h"

const struct cmd *const commands[] = { &cmd_run, &cmd_plan, &cmd_why, &cmd_verify, &cmd_plugins,
	&cmd_lock, &cmd_log, &cmd_clean, &cmd_kconfig, &cmd_recipe, &cmd_store, &cmd_vm,
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

/* "msmv plan | head" has what it wanted: that is no error. */
static bool
reader_left(void)
{
	struct pollfd out = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* What is opened next must not take the number of a closed standard stream. */
static void
open_standard_streams(void)
{
	int fd;

	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd >= 0)
		close(fd);
}

/* The word of "recipe check" that follows the group's name. */
static const char *
verb_name(const struct cmd *group, const struct cmd *verb)
{
	return verb->name + strlen(group->name) + 1;
}

static void
help_verbs(const struct cmd *group, FILE *out)
{
	fprintf(out, "usage: msmv %s %s\n\n%s.\n\ncommands:\n", group->name, group->synopsis,
		group->help);
	for (size_t i = 0; group->verbs[i]; i++)
		fprintf(out, "  %-10s %s\n", verb_name(group, group->verbs[i]),
			group->verbs[i]->help);
	fprintf(out, "\nmsmv %s COMMAND --help tells more.\n", group->name);
	if (group->text)
		fprintf(out, "\n%s", group->text);
}

static int
no_such_verb(const struct cmd *group, const char *name)
{
	const char *names[32];
	const char *near;
	size_t n = 0;

	for (; n < ARRAY_LEN(names) && group->verbs[n]; n++)
		names[n] = verb_name(group, group->verbs[n]);
	near = suggest(name, names, n);
	return complain(EXIT_USAGE, "%s has no command '%s'%s%s%s (msmv %s --help)", group->name,
		name, near ? ": did you mean " : "", near ? near : "", near ? "?" : "",
		group->name);
}

/* Also of a command line that is wrong, and so was not read to its end. */
static bool
wants_json(char *const *argv)
{
	for (; *argv && !streq(*argv, "--"); argv++)
		if (streq(*argv, "--json"))
			return true;
	return false;
}

/* A program reads standard output alone: why there is nothing stands there, too. */
static int
tell_failure(const struct cmd *cmd, int code)
{
	const char *why;
	json_t *o;

	if (code == 0 && json_failed())
		code = complain(EXIT_FAILED, "what was to be said is more than JSON can hold");
	if (code == 0 || cmd->json == CMD_JSON_OWN)
		return code;
	if (cmd->json == CMD_JSON_DOCUMENT && json_printed())
		return code;
	why = code == EXIT_INTERRUPTED ? "interrupted" : complaint();
	o = json_pack("{s:i, s:o, s:i}", "v", 1, "error", json_text(why), "exit", code);
	if (cmd->json == CMD_JSON_LINES)
		json_print_line(o);
	else
		json_print(o);
	return code;
}

static int dispatch(const struct cmd *cmd, char *const *argv);

static int
dispatch_verb(const struct cmd *group, char *const *argv)
{
	const char *word = argv[0];
	int code;

	if (!word || streq(word, "--help") || streq(word, "-h")) {
		help_verbs(group, word ? stdout : stderr);
		return word ? EXIT_DONE : EXIT_USAGE;
	}
	for (size_t i = 0; group->verbs[i]; i++)
		if (streq(word, verb_name(group, group->verbs[i])))
			return dispatch(group->verbs[i], argv + 1);
	code = no_such_verb(group, word);
	return wants_json(argv) ? tell_failure(group, code) : code;
}

/* "vm /run/qmp.sock status": a path is no verb. */
static bool
wants_verb(const struct cmd *cmd, char *const *argv)
{
	return cmd->verbs && !(cmd->run && argv[0] && strchr(argv[0], '/'));
}

static int
dispatch(const struct cmd *cmd, char *const *argv)
{
	struct args args = { .ngiven = 0 };
	int code;

	if (wants_verb(cmd, argv))
		return dispatch_verb(cmd, argv);
	code = args_parse(cmd, argv, &args);
	if (code < 0) {
		args_help(cmd);
		code = 0;
	} else if (code == 0) {
		code = cmd->run(&args);
	}
	vec_release(&args.words);
	if (wants_json(argv))
		code = tell_failure(cmd, code);
	if ((fflush(stdout) != 0 || ferror(stdout)) && code == 0 && !reader_left())
		code = complain(EXIT_FAILED, "cannot write to standard output");
	return code;
}

/* The first originals are called with options alone: -c RECIPE -b DIR. */
static bool
is_option_of(const struct cmd *cmd, const char *word)
{
	size_t n = strcspn(word, "=");

	for (const struct cmd_option *o = cmd->options; word[0] == '-' && o->name; o++)
		if (word[1] == '-' ? n == strlen(o->name) + 2 && strncmp(word + 2, o->name, n - 2) == 0
				   : o->letter && word[1] == o->letter)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;

	open_standard_streams();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a write fails then, and what is half made goes */
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
	if (is_option_of(&cmd_run, word))
		return dispatch(&cmd_run, argv + 1);
	return no_such_command(word);
}

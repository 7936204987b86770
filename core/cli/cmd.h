/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A command of msmv: one const struct in a file of its own. Help, parsing and
 * dispatch all come from these tables.
 */
#ifndef MSMV_CLI_CMD_H
#define MSMV_CLI_CMD_H

#include <stdbool.h>

#include "base/vec.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

/* Given options and words, as text; a flag's value is "". */
struct args {
	VEC(const char *) words;
	struct {
		const char *name, *value;
	} given[64];
	int ngiven;
};

struct cmd_option {
	char letter;      /* 0: none */
	const char *name; /* without the dashes */
	const char *arg;  /* what it takes, for help; NULL: a flag */
	const char *help; /* one line */
};

/* What --json means to a program that reads standard output. */
enum cmd_json {
	CMD_JSON_OWN,      /* the command sees to it */
	CMD_JSON_DOCUMENT, /* one document, also of a failure: {"v":1,"error":TEXT,"exit":CODE} */
	CMD_JSON_LINES     /* an object a line; the last tells of a failure */
};

struct cmd {
	const char *name;     /* "plugins" */
	const char *synopsis; /* after the name: "[RECIPE] STAGE" */
	const char *help;     /* one line */
	const char *text;     /* more, for --help of the command; may be NULL */
	const struct cmd_option *options; /* ends with a NULL name */
	const struct cmd *const *verbs; /* "recipe check" ... below "recipe"; then that is all
	                                   that counts here, unless the first word is a path
	                                   and there is a run; ends with NULL */
	enum cmd_json json;
	int min_words, max_words;
	int (*run)(const struct args *args);
};

extern const struct cmd cmd_run, cmd_plan, cmd_plugins, cmd_lock, cmd_log, cmd_clean, cmd_kconfig,
	cmd_recipe, cmd_store, cmd_verify, cmd_vm, cmd_why;
extern const struct cmd *const commands[]; /* ends with NULL */

/* The i-th value given for an option, or NULL. */
const char *args_get(const struct args *a, const char *name, int i);
bool args_has(const struct args *a, const char *name);
/* Fills a; EXIT_USAGE with a message on standard error. -1: --help was given. */
int args_parse(const struct cmd *cmd, char *const *argv, struct args *a);
void args_help(const struct cmd *cmd);
/* "msmv: error: TEXT" on standard error; returns code. */
int complain(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The TEXT of the last; "" if there was none. */
const char *complaint(void);

#endif

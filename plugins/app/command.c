/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A build's log has thousands of lines and one reason. Each command's output goes
 * to the log as it comes, and to a file beside it; when the command fails, that
 * file is searched for the line which explains it best.
 */
#include "command.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Both outputs in one, in the order they came; the command itself is in "$@". */
static const char merge[] = "exec \"$@\" 2>&1";

/*
 * What a line that explains a failure has in it, and how well it does: the first of
 * the lowest rank is shown. Rank 0 only repeats that something failed before.
 */
static const struct {
	const char *text;
	size_t rank;
} causes[] = {
	{"collect2: error:", 0},
	{"error: linker command failed", 0},
	{"error:", 1},
	{"undefined reference to", 1},
	{"cannot find -l", 1},
	{": ERROR: ", 1},
	{"CMake Error", 2},
	{" *** ", 2},
	{"Permission denied", 3},
	{": not found", 4},
	{": No such file or directory", 5},
};

static size_t
line_rank(const char *line)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strstr(line, causes[i].text))
			return causes[i].rank;
	return 0;
}

/* Nobody knows the work folder, and it is gone when the message is read. */
static void
line_shorten(char *line, const char *work)
{
	size_t len = strlen(work);

	for (char *at = line; (at = strstr(at, work));)
		if (at[len] == '/')
			memmove(at, at + len + 1, strlen(at + len + 1) + 1);
		else
			at += len;
}

/* The line that explains best so far, else the last that says something. */
struct cause {
	char line[300];
	size_t rank;
	bool open; /* cmake says where, and on the next line what */
};

/* "[3/10]" of ninja and "[ 30%]" of cmake's makefiles. */
static void
progress_take(struct msmv_stage *stage, const char *line)
{
	unsigned done, total;
	char end;

	if (*line != '[')
		return;
	if (sscanf(line, "[%u/%u%c", &done, &total, &end) == 3 && end == ']')
		stage->host->progress(stage, done, total, "compile");
	else if (sscanf(line, "[%u%c", &done, &end) == 2 && end == '%')
		stage->host->progress(stage, done, 100, "compile");
}

static void
cause_take(struct msmv_stage *stage, const char *line, void *arg)
{
	struct cause *cause = arg;
	size_t rank = line_rank(line);

	progress_take(stage, line);
	if (!line[strspn(line, " \t\r")])
		return;
	if (cause->open) {
		size_t len = strlen(cause->line);

		snprintf(cause->line + len, sizeof(cause->line) - len, " %s",
			line + strspn(line, " \t"));
		cause->open = false;
		return;
	}
	line += strspn(line, " \t");
	if (rank ? rank < cause->rank : cause->rank == SIZE_MAX)
		snprintf(cause->line, sizeof(cause->line), "%s", line);
	if (rank && rank < cause->rank) {
		cause->rank = rank;
		cause->open = strncmp(line, "CMake Error at", 14) == 0;
	}
}

int
command_run(struct build *build, const char *what, const struct words *argv,
	const struct words *env)
{
	struct cause cause = {.rank = SIZE_MAX};
	struct words all = {0}, variables = {0};
	struct msmv_command command = {.struct_size = sizeof(command),
		.flags = MSMV_CMD_QUIET, .dir = build->source,
		.on_line = cause_take, .on_line_arg = &cause};
	const char *const shell[] = {"/bin/sh", "-c", merge, "sh"};
	int status;

	for (size_t i = 0; i < sizeof(shell) / sizeof(shell[0]); i++)
		words_push(&build->pool, &all, shell[i]);
	words_append(&build->pool, &all, argv);
	words_append(&build->pool, &variables, &build->env);
	words_append(&build->pool, &variables, env);
	command.argv = all.v;
	command.env = variables.v;
	build->host->log(build->stage, MSMV_LOG_INFO, "%s: %s", what,
		words_join(&build->pool, argv, " "));
	status = build->host->run(build->stage, &command);
	if (status <= 0)
		return status;
	line_shorten(cause.line, build->work);
	return build->host->fail(build->stage, MSMV_FAIL_TOOL, "%s failed: %s%s(%s ended with %d)",
		what, cause.line, cause.line[0] ? " " : "", argv->v[0], status);
}

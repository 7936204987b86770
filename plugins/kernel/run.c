/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kernel build prints thousands of lines, and with several jobs the one that
 * matters is rarely among the last. So every line is looked at as it comes, and
 * the first of the most telling kind goes into the stage's failure.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

/* Most telling first: a compiler's words, the linker's, the shell's, make's. */
static const char *const signs[] = {
	": error: ", ": fatal error: ", "undefined reference to", "multiple definition of",
	"No such file or directory", "not found", "No space left on device", "*** ",
};

enum { SIGNS = sizeof(signs) / sizeof(signs[0]) };

struct watch {
	const struct kernel_run *run;
	char *first[SIGNS]; /* first line with each sign */
};

static void
watch_line(struct msmv_stage *s, const char *line, void *arg)
{
	struct watch *w = arg;

	for (size_t i = 0; i < SIGNS; i++) {
		if (!w->first[i] && strstr(line, signs[i])) {
			w->first[i] = xcopy(line);
			break;
		}
	}
	if (w->run->line)
		w->run->line(s, line, w->run->arg);
}

static const char *
cause(const struct watch *w)
{
	for (size_t i = 0; i < SIGNS; i++) {
		if (w->first[i])
			return w->first[i];
	}
	return "the log's end shows why";
}

/* So that the log has what a person would type to do the same by hand. */
static void
log_words(struct msmv_stage *s, const struct list *argv)
{
	cleanup_text struct text line = { 0 };

	for (size_t i = 0; i < argv->len; i++)
		text_addf(&line, strchr(argv->v[i], ' ') ? "%s'%s'" : "%s%s", i ? " " : "",
			argv->v[i]);
	s->host->log(s, MSMV_LOG_INFO, "%s", line.p);
}

int
kernel_run(struct msmv_stage *s, const struct kernel_run *run)
{
	struct watch w = { .run = run };
	cleanup_list struct list argv = { 0 };
	int status;

	/* The words stay words; the shell only makes errors go where output goes. */
	list_add(&argv, "sh");
	list_add(&argv, "-c");
	list_add(&argv, "exec \"$@\" 2>&1");
	list_add(&argv, "sh");
	for (size_t i = 0; i < run->argv->len; i++)
		list_add(&argv, run->argv->v[i]);
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = (const char *const *)argv.v, .env = run->env,
		.on_line = watch_line, .on_line_arg = &w };

	log_words(s, run->argv);
	status = s->host->run(s, &c);
	if (status > 0)
		s->host->fail(s, MSMV_FAIL_TOOL, "%s failed (status %d): %s", run->what, status,
			cause(&w));
	for (size_t i = 0; i < SIGNS; i++)
		free(w.first[i]);
	return status ? -1 : 0;
}

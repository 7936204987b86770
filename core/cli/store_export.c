/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store export: all that a recipe's stages made, as one file for another store. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/session.h"
#include "cli/store.h"
#include "cli/text.h"
#include "run/closure.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 'o', "output", "FILE", "where it goes (default NAME.msmv.tar; - for standard output)" },
	{ 0, NULL, NULL, NULL },
};

/* A file that is there already is replaced once the new one is whole. */
static int
write_file(struct run *r, const char *path, struct closure_sum *sum, struct err *err)
{
	cleanup_free char *tmp = xasprintf("%s.%ld", path, (long)getpid());
	cleanup_close int fd = open(tmp, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_errno(err, "create %s", tmp);
	if (closure_write(r, fd, sum, err) == 0) {
		if (rename(tmp, path) == 0)
			return 0;
		err_errno(err, "publish %s", path);
	}
	unlink(tmp);
	return -1;
}

static void
print_sum(const char *path, const struct closure_sum *sum)
{
	cleanup_str struct str size = STR_INIT;

	text_size(&size, sum->bytes);
	fprintf(streq(path, "-") ? stderr : stdout, "%s: %zu results, %zu files, %s\n", path,
		sum->results, sum->blobs, size.p);
}

static int
export(struct session *s, const struct args *args)
{
	const char *given = args_get(args, "output", 0);
	cleanup_free char *path = given ? xstrdup(given)
		: xasprintf("%s.msmv.tar", s->pipeline.name);
	struct closure_sum sum = { 0 };
	struct run_options opt = { .until = NULL };
	cleanup_err struct err err = ERR_INIT;
	int code = EXIT_DONE;
	struct run r;

	if (streq(path, "-") && isatty(STDOUT_FILENO))
		return complain(EXIT_USAGE, "a terminal is no place for a tar: -o FILE");
	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) == 0) {
		run_plan(&r);
		if (streq(path, "-"))
			closure_write(&r, STDOUT_FILENO, &sum, &err);
		else
			write_file(&r, path, &sum, &err);
	}
	if (err.msg)
		code = complain(EXIT_FAILED, "%s is not written: %s", path, err_msg(&err));
	else
		print_sum(path, &sum);
	run_close(&r);
	return code;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_start(&s, args);

	if (code == 0)
		code = export(&s, args);
	session_close(&s);
	return code;
}

const struct cmd cmd_store_export = {
	.name = "store export",
	.synopsis = "RECIPE [OPTIONS]",
	.help = "Write all that a recipe's stages made to one file",
	.text = "On another machine msmv store import takes it in, and msmv run with the same recipe,\n"
		"plugins and tools finds every stage done. The file is a tar, not compressed; two\n"
		"exports of the same results are the same bytes.\n",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};

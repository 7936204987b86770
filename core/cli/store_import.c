/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store import: takes in what store export wrote. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/session.h"
#include "cli/store.h"
#include "cli/text.h"
#include "run/closure.h"

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "the store (default ~/.cache/msmv)" },
	{ 0, NULL, NULL, NULL },
};

static int
import(struct session *s, const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct closure_sum sum = { 0 };
	cleanup_str struct str size = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_errno(&err, "%s", path);
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	}
	if (!S_ISREG(st.st_mode))
		return complain(EXIT_FAILED, "%s is no file, and an export is read in any order",
			path);
	if (closure_read(&s->ctx.store, fd, &sum, &err) < 0)
		return complain(EXIT_FAILED, "%s: %s", path, err_msg(&err));
	text_size(&size, sum.bytes);
	printf("%s: %zu results, %zu files, %s", path, sum.results, sum.blobs, size.p);
	printf(sum.known ? "; %zu results were there already\n" : "\n", sum.known);
	return EXIT_DONE;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_open(&s, args);

	if (code == 0)
		code = import(&s, args->words.v[0]);
	session_close(&s);
	return code;
}

const struct cmd cmd_store_import = {
	.name = "store import",
	.synopsis = "FILE [OPTIONS]",
	.help = "Take in the results that msmv store export wrote",
	.text = "Every file is compared with its digest, every record with its key; if one is damaged,\n"
		"no result of FILE counts. That these are the results of their stages is the word of\n"
		"whoever exported them: import what you trust as you would trust the images.\n",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};

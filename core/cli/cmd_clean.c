/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv clean: gives disk space back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/session.h"
#include "store/null_run.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 0, "all", NULL, "also the results: the next run builds everything again" },
	{ 0, "ccache", NULL, "also what ccache kept of compilations (run --ccache)" },
	{ 0, NULL, NULL, NULL },
};

static const struct {
	const char *folder, *what;
	const char *only; /* with this option; NULL: always */
} parts[] = {
	{ "scratch", "work folders", NULL },
	{ "runs", "logs", NULL },
	{ "facts", "what was found out about this machine", NULL },
	{ "actions", "results", "all" },
	{ "blobs", "artifacts", "all" },
	{ "ccache", "compilations", "ccache" },
};

static int
clean_part(const struct store *s, const char *folder, struct err *err)
{
	cleanup_free char *path = path_join(s->dir, folder);

	if (streq(folder, "runs"))
		null_runs_retire(s);
	if (fs_remove(path, err) < 0)
		return -1;
	return fs_mkdirs(path, 0755, err);
}

static int
run(const struct args *args)
{
	struct err err = ERR_INIT;
	struct session s;
	int code = session_open(&s, args);
	cleanup_close int alone = code == 0 ? store_alone(&s.ctx.store, &err) : -1;

	if (code == 0 && alone < 0)
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	for (size_t i = 0; code == 0 && i < ARRAY_LEN(parts); i++) {
		if (parts[i].only && !args_has(args, parts[i].only))
			continue;
		if (clean_part(&s.ctx.store, parts[i].folder, &err) < 0)
			code = complain(EXIT_FAILED, "%s", err_msg(&err));
		else
			printf("removed %s in %s/%s\n", parts[i].what, s.ctx.store.dir,
				parts[i].folder);
	}
	err_clear(&err);
	session_close(&s);
	return code;
}

const struct cmd cmd_clean = {
	.name = "clean",
	.synopsis = "[OPTIONS]",
	.help = "Remove work folders and logs, or everything",
	.text = "Results stay unless --all is given, so the next run is as quick as before. The\n"
		"output folder is never touched.\n",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};

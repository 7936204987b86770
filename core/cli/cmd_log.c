/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv log: the whole log of a stage, of its last run or of the run that made its result. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/session.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 0, "path", NULL, "print where the log is instead" },
	{ 0, NULL, NULL, NULL },
};

/* The log kept with the stored result: the stage may have run for another recipe. */
static char *
stored_log(const struct session *s, const struct state *state, const char *stage)
{
	const char *key = state_key(state, stage);
	cleanup_record struct record r = RECORD_INIT;
	const char *digest;

	if (!key || !store_get_result(&s->ctx.store, key, &r))
		return NULL;
	digest = record_get(&r, "log");
	return digest ? store_blob_path(&s->ctx.store, digest) : NULL;
}

static int
no_log(const struct state *state, const char *recipe, const char *stage)
{
	size_t n = 0;

	complain(EXIT_FAILED, "stage %s of %s has no log here", stage, recipe);
	for (size_t i = 0; i < state->record.len; i++)
		if (str_starts(state->record.fields[i].name, "key."))
			fprintf(stderr, "%s%s", n++ ? " " : "stages that ran: ",
				state->record.fields[i].name + 4);
	fputs(n ? "\n" : "no stage of it ran with this store\n", stderr);
	return EXIT_FAILED;
}

static int
show(const char *path, bool path_only)
{
	cleanup_close int fd = -1;
	struct err err = ERR_INIT;

	if (path_only) {
		puts(path);
		return EXIT_DONE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(EXIT_FAILED, "%s: %s", path, strerror(errno));
	fflush(stdout);
	if (fs_copy_fd(fd, STDOUT_FILENO, &err) < 0) {
		complain(EXIT_FAILED, "%s", err_msg(&err));
		err_clear(&err);
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}

/* NAME for NAME@ARCH, if there is just one that ran. */
static const char *
full_name(const struct state *state, const char *stage)
{
	const char *found = NULL;
	size_t n = strlen(stage);

	for (size_t i = 0; i < state->record.len; i++) {
		const char *field = state->record.fields[i].name;

		if (!str_starts(field, "key.") || strncmp(field + 4, stage, n) != 0)
			continue;
		if (!field[4 + n])
			return stage;
		if (field[4 + n] == '@' && found)
			return stage;
		if (field[4 + n] == '@')
			found = field + 4;
	}
	return found ? found : stage;
}

static int
show_stage(struct session *s, const char *recipe, const char *stage, bool path_only)
{
	cleanup_free char *full = path_absolute(recipe);
	cleanup_free char *path = NULL;
	struct state state = STATE_INIT;
	struct err err = ERR_INIT;
	int code;

	if (state_load(&state, &s->ctx, full, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	stage = full_name(&state, stage);
	path = state_log_path(&state, stage);
	if (!fs_exists(path)) {
		free(path);
		path = stored_log(s, &state, stage);
	}
	code = path && fs_exists(path) ? show(path, path_only)
				       : no_log(&state, recipe, stage);
	state_release(&state);
	return code;
}

static int
run(const struct args *args)
{
	cleanup_free char *recipe = NULL;
	struct session s;
	int code = session_open(&s, args);

	if (code == 0) {
		recipe = session_recipe_here(&s, args, "log");
		code = !recipe ? EXIT_FAILED
			: show_stage(&s, recipe, args->words.v[args->words.len - 1],
				args_has(args, "path"));
	}
	session_close(&s);
	return code;
}

const struct cmd cmd_log = {
	.name = "log",
	.synopsis = "[RECIPE] STAGE [OPTIONS]",
	.help = "Print the log of a stage",
	.text = "Without RECIPE: of the one last run in this folder.\n",
	.options = options,
	.min_words = 1,
	.max_words = 2,
	.run = run,
};

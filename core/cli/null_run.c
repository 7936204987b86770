/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The question is all of the command line and all of the environment, whether or not it
 * matters: what matters is for the run to say, and it is not asked.
 */
#include "cli/null_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "cli/session.h"
#include "store/null_run.h"

static void
add(struct str *out, const char *text)
{
	str_addn(out, text, strlen(text) + 1);
}

/* Whose files these are may decide which of them can be read. */
static void
add_person(struct str *out)
{
	int n = getgroups(0, NULL), max = n > 0 ? n : 1;
	cleanup_free gid_t *groups = xcalloc((size_t)max, sizeof(*groups));

	n = getgroups(max, groups);
	str_addf(out, "%ju %ju", (uintmax_t)geteuid(), (uintmax_t)getegid());
	for (int i = 0; i < n; i++)
		str_addf(out, " %ju", (uintmax_t)groups[i]);
	add(out, "");
}

static void
ask(struct str *out, const struct args *args)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	struct utsname un;

	add(out, cwd ? cwd : "");
	add(out, uname(&un) == 0 ? un.machine : "");
	add(out, isatty(STDOUT_FILENO) ? "terminal" : "");
	add_person(out);
	for (size_t i = 0; i < args->words.len; i++)
		add(out, args->words.v[i]);
	for (int i = 0; i < args->ngiven; i++) {
		add(out, args->given[i].name);
		add(out, args->given[i].value);
	}
	for (char *const *e = environ; *e; e++)
		add(out, *e);
}

/* What is written with a date, or says how long it took, is never the same again. */
static bool
is_worth_it(const struct args *args, const char *recipe)
{
	return !args_has(args, "json") && !args_has(args, "attest") && !streq(recipe, "-");
}

void
again_open(struct again *a, const struct args *args, const char *recipe)
{
	cleanup_err struct err err = ERR_INIT;

	*a = (struct again){ .question = STR_INIT };
	if (!is_worth_it(args, recipe))
		return;
	a->store = session_store_dir(args, &err);
	a->recipe = path_absolute(recipe);
	ask(&a->question, args);
}

bool
again_says_so(const struct again *a)
{
	struct null_run n = { a->store, a->recipe, &a->question };
	cleanup_str struct str said = STR_INIT;

	if (!a->store)
		return false;
	if (!null_run_holds(&n, &said)) {
		witnesses_begin();
		return false;
	}
	fwrite(said.p, 1, said.len, stdout);
	return true;
}

void
again_retire(const struct again *a)
{
	if (a->store)
		null_run_retire(a->store, a->recipe);
}

/* A log of another attempt that could not be removed is in the way. */
static bool
did_nothing(const struct run *r, const struct ui *ui, struct null_keys *keys)
{
	for (size_t i = 0; i < r->graph.len; i++) {
		const struct job *j = &r->jobs[i];

		if (!j->node->selected)
			continue;
		if (j->state != JOB_CACHED || access(j->log_path, F_OK) == 0)
			return false;
		vec_push(keys, j->key);
	}
	return ui->ran == 0;
}

void
again_keep(const struct again *a, const struct run *r, const struct ui *ui)
{
	struct null_run n = { a->store, a->recipe, &a->question };
	struct null_keys keys = VEC_INIT;
	struct stat st;

	if (a->store && did_nothing(r, ui, &keys)) {
		witness_stat(r->state.dir, &st); /* where logs appear */
		witness_stat("/proc/self/exe", &st);
		null_run_keep(&r->ctx->store, &n, &ui->said, &keys);
	}
	vec_release(&keys);
}

void
again_close(struct again *a)
{
	witnesses_end();
	free(a->store);
	free(a->recipe);
	str_release(&a->question);
	*a = (struct again){ .question = STR_INIT };
}

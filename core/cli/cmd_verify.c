/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv verify: makes everything again where all that may not matter is another, and
 * compares. Stages that boot are left out: what they write down are times.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "cli/json.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/ui.h"
#include "run/again.h"
#include "run/capture.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 'j', "jobs", "N", "processes at a time over all stages (default: the CPUs)" },
	{ 0, "nice", "N", "leave the CPUs to others: 0 to 19 (default 0)" },
	{ 0, "ionice", "CLASS", "leave the disk to others: best-effort or idle" },
	{ 0, "timeout", "SECONDS", "longest time for one stage (default 7200, 0: none)" },
	{ 0, "json", NULL, "one JSON document, for programs; progress goes to standard error" },
	{ 0, NULL, NULL, NULL },
};

enum { DIFFER_SECONDS = 600, EXIT_DIFFERENT = 1 };

struct verify {
	struct session *session;
	struct ui ui;
	bool json;
	struct run first, second;
	char *differ;   /* the program */
	size_t outputs, different, stages;
	json_t *found;  /* a list */
};

/* All stages but those that boot; what needs one of these is one too. */
static const char **
selection(const struct pipeline *p)
{
	const char **names = xcalloc(p->stages.len + 1, sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < p->stages.len; i++)
		if (!stage_provides(p->stages.v[i], "run:"))
			names[n++] = p->stages.v[i]->name;
	return names;
}

/* ---- Comparing ------------------------------------------------------- */

/* Were the two made from the same? */
static bool
same_inputs(const struct job *a, const struct job *b)
{
	return streq(a->key, b->key);
}

static char *
say_where(const struct verify *v, const char *a, const char *b)
{
	cleanup_free char *x = store_blob_path(&v->first.ctx->store, a);
	cleanup_free char *y = store_blob_path(&v->second.ctx->store, b);
	const char *argv[] = { v->differ, x, y, NULL };
	struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	if (capture(argv, DIFFER_SECONDS, &text, &err) < 0 || !text.len)
		str_addf(&text, "where is not known: %s", err_msg(&err));
	return str_take(&text);
}

static void
print_found(const char *stage, const char *port, const char *where)
{
	printf("  differs  %s: %s\n", stage, port);
	for (const char *s = where; *s; s += strcspn(s, "\n"), s += *s == '\n')
		printf("           %.*s\n", (int)strcspn(s, "\n"), s);
}

static void
report(struct verify *v, const struct job *j, const char *port, const char *where)
{
	json_t *o = json_object();

	json_object_set_new(o, "stage", json_text(j->stage->name));
	json_object_set_new(o, "output", json_text(port));
	json_object_set_new(o, "where", json_text(where));
	json_array_append_new(v->found, o);
	if (!v->json)
		print_found(j->stage->name, port, where);
}

static void
compare_output(struct verify *v, const struct job *a, const struct job *b, const char *port)
{
	const char *x = job_output(a, port, "digest"), *y = job_output(b, port, "digest");
	cleanup_free char *where = NULL;

	v->outputs += x || y;
	if (streq(x ? x : "", y ? y : ""))
		return;
	where = x && y ? say_where(v, x, y) : xstrdup("one of the two did not make it");
	v->different++;
	report(v, a, port, where);
}

/* A stage whose inputs differ only passes on what an earlier one did. */
static void
compare(struct verify *v)
{
	for (size_t i = 0; i < v->first.graph.len; i++) {
		const struct job *a = v->first.graph.topo[i]->data;
		const struct job *b = a->node->selected ? run_job(&v->second, a->stage->name) : NULL;

		if (!b || stage_fetches(a->stage) || !same_inputs(a, b))
			continue;
		v->stages++;
		for (size_t k = 0; k < a->stage->plugin->outputs.len; k++)
			compare_output(v, a, b, a->stage->plugin->outputs.v[k].name);
	}
}

static void
print_json(const struct verify *v)
{
	json_t *o = json_object();

	json_object_set_new(o, "v", json_integer(1));
	json_object_set_new(o, "name", json_text(v->session->pipeline.name));
	json_object_set_new(o, "stages", json_integer((json_int_t)v->stages));
	json_object_set_new(o, "outputs", json_integer((json_int_t)v->outputs));
	json_object_set_new(o, "differences", json_incref(v->found));
	json_print(o);
}

static int
conclude(struct verify *v)
{
	compare(v);
	if (v->json)
		print_json(v);
	else if (v->different)
		printf("%s does not verify: %zu of %zu outputs differ\n",
			v->session->pipeline.name, v->different, v->outputs);
	else
		printf("%s verifies: %zu outputs of %zu stages are the same bytes elsewhere\n",
			v->session->pipeline.name, v->outputs, v->stages);
	return v->different ? EXIT_DIFFERENT : EXIT_DONE;
}

/* ---- Running --------------------------------------------------------- */

static int
failed(const struct verify *v, const struct run *r, int code, const char *where)
{
	cleanup_str struct str names = STR_INIT;

	if (code == RUN_INTERRUPTED)
		return EXIT_INTERRUPTED;
	for (size_t i = 0; i < r->graph.len; i++)
		if (r->jobs[i].state == JOB_FAILED)
			str_addf(&names, " %s", r->jobs[i].stage->name);
	return complain(EXIT_FAILED, "%s cannot be compared: it fails %s:%s",
		v->session->pipeline.name, where, str_text(&names));
}

/* What was made elsewhere goes, what was said there stays. */
static void
keep_logs(const struct run *first, struct run *second)
{
	for (size_t i = 0; i < second->graph.len; i++) {
		struct job *j = &second->jobs[i];

		free(j->log_path);
		j->log_path = xasprintf("%s/%s.elsewhere.log", first->state.dir, j->stage->name);
	}
}

/* Opens and executes; the run stays open in any case. */
static int
execute(struct verify *v, struct run *r, struct context *ctx, const char *const *until,
	const char *where)
{
	struct run_options opt = { .until = until, .observer = ui_observer(&v->ui) };
	cleanup_err struct err err = ERR_INIT;
	int code;

	if (run_open(r, ctx, &v->session->pipeline, &opt, &err) < 0) {
		ui_show_problems(&v->ui, r);
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	}
	if (r == &v->second)
		keep_logs(&v->first, r);
	code = run_execute(r);
	return code == RUN_OK ? 0 : failed(v, r, code, where);
}

static int
run_elsewhere(struct verify *v, const char *const *until)
{
	cleanup_err struct err err = ERR_INIT;
	struct again again;
	int code;

	if (again_begin(&again, &v->first, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	v->ui.elsewhere = true;
	if (!v->json)
		printf("again, elsewhere\n");
	fflush(stdout);
	code = execute(v, &v->second, &again.ctx, until, "elsewhere");
	if (code == 0)
		code = conclude(v);
	run_close(&v->second);
	again_end(&again);
	return code;
}

static int
verify(struct session *s, bool json)
{
	cleanup_free const char **until = selection(&s->pipeline);
	cleanup_free char *dir = path_dir(s->ctx.worker);
	struct verify v = { .session = s, .json = json, .found = json_array(),
		.differ = path_join(dir, "msmv-differ") };
	int code;

	ui_init(&v.ui, json ? stderr : stdout, false);
	code = execute(&v, &v.first, &s->ctx, until, "here");
	if (code == 0)
		code = run_elsewhere(&v, until);
	run_close(&v.first);
	ui_release(&v.ui);
	json_decref(v.found);
	free(v.differ);
	return code;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_start(&s, args);

	if (code == 0 && !s.ctx.sandbox)
		code = complain(EXIT_FAILED, "what is made in two sandboxes is compared: verify "
			"does not go with --sandbox=off");
	if (code == 0)
		code = verify(&s, args_has(args, "json"));
	session_close(&s);
	return code;
}

const struct cmd cmd_verify = {
	.name = "verify",
	.synopsis = "RECIPE [OPTIONS]",
	.help = "Make everything again, elsewhere, and compare the bytes",
	.text = "What is not there yet is made first. Then all but what is fetched or boots is made\n"
		"again, cold, under another path, user, umask, machine name, locale, time zone, number\n"
		"of CPUs and jobs, 400 days later, with folders listed backwards. The first stage that\n"
		"makes other bytes is named, and where in its output they differ: the section of an ELF\n"
		"or PE file, the member of a tree or initramfs, the cluster of a qcow2 image.\n"
		"Exit status 1 if anything differs.\n",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};

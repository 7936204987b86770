/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv run: from a recipe to a guest that said it is ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "cli/attest.h"
#include "cli/export.h"
#include "cli/null_run.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/ui.h"
#include "run/inputs.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 'o', "output", "DIR", "where images go (default out, or DIR/out with -b DIR)" },
	{ 'j', "jobs", "N", "processes at a time over all stages (default: the CPUs)" },
	{ 0, "until", "STAGE", "run this stage and what it needs; may be given again" },
	{ 0, "only", "STAGE", "run this stage alone, on stored inputs" },
	{ 'k', "keep-going", NULL, "after a failure go on with what does not need it" },
	{ 0, "nice", "N", "leave the CPUs to others: 0 to 19 (default 0)" },
	{ 0, "ionice", "CLASS", "leave the disk to others: best-effort or idle" },
	{ 0, "timeout", "SECONDS", "longest time for one stage (default 7200, 0: none)" },
	{ 0, "ccache", NULL, "call compilers through ccache; what it keeps is in the store" },
	{ 0, "attest", NULL, "write provenance (SLSA) and bills of materials beside the images" },
	{ 0, "json", NULL, "one JSON object a line, for programs" },
	{ 'q', "quiet", NULL, "leave out stages whose result was there already" },
	{ 0, NULL, NULL, NULL },
};

enum { HEAL_MAX = 10 };

struct stage_names {
	const char **v;
	size_t len, cap;
};

static int
no_such_stage(const struct session *s, const char *name)
{
	cleanup_free const char **names = xcalloc(s->pipeline.stages.len, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < s->pipeline.stages.len; i++)
		names[i] = s->pipeline.stages.v[i]->name;
	near = suggest(name, names, s->pipeline.stages.len);
	complain(EXIT_USAGE, "there is no stage %s%s%s%s", name, near ? ": did you mean " : "",
		near ? near : "", near ? "?" : "");
	fputs("stages of this recipe:", stderr);
	for (size_t i = 0; i < s->pipeline.stages.len; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

/* NAME stands for NAME@ARCH of every ARCH. -1 if it is no stage's name. */
static int
add_stages(const struct session *s, const char *name, struct stage_names *out)
{
	size_t before = out->len;

	for (size_t i = 0; i < s->pipeline.stages.len; i++)
		if (stage_is(s->pipeline.stages.v[i], name))
			vec_push(out, (const char *)s->pipeline.stages.v[i]->name);
	return out->len > before ? 0 : no_such_stage(s, name);
}

/* The stages that an option names; with a NULL after them unless there are none. */
static int
read_stages(const struct session *s, const struct args *args, const char *option,
	struct stage_names *out)
{
	const char *name;

	for (int i = 0; (name = args_get(args, option, i)); i++)
		if (add_stages(s, name, out) != 0)
			return EXIT_USAGE;
	if (out->len)
		vec_push(out, NULL);
	return 0;
}

static size_t
count_selected(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->graph.len; i++)
		n += r->graph.nodes[i].selected;
	return n;
}

/* "hello is ready: ..." only if a boot was proven; else what was made. */
static void
summary(const struct session *s, const struct run *r, const struct exports *x, struct ui *ui)
{
	bool proven = false;

	if (ui->mode == UI_JSON)
		return;
	for (size_t i = 0; i < r->graph.len; i++)
		proven |= r->graph.nodes[i].selected && stage_provides(r->jobs[i].stage, "run:");
	ui_say(ui, "%s%s%s %s", ui_paint(ui, "\033[1m"), s->pipeline.name, ui_paint(ui, "\033[0m"),
		proven ? "is ready" : "is done");
	for (size_t i = 0; i < x->len; i++) {
		cleanup_str struct str size = STR_INIT;

		text_size(&size, x->v[i].size);
		ui_say(ui, "%s %s %s", i ? "," : ":", x->v[i].file, str_text(&size));
	}
	if (x->len)
		ui_say(ui, " in %s/", s->out_dir);
	ui_say(ui, "\n");
}

/* The last line after a failure: others may have finished long after it was shown. */
static void
failures(const struct session *s, const struct run *r, const struct ui *ui)
{
	printf("%s%s failed%s:", ui_paint(ui, "\033[31m"), s->pipeline.name,
		ui_paint(ui, "\033[0m"));
	for (size_t i = 0; i < r->graph.len; i++)
		if (r->jobs[i].state == JOB_FAILED)
			printf(" %s", r->jobs[i].stage->name);
	printf("; what is done is kept\n");
}

/* Copies the images out, and says what they were made of if that is asked for. */
static int
deliver(struct session *s, const struct run *r, bool attest, time_t began, struct exports *x,
	struct err *err)
{
	if (export_all(r, s->out_dir, x, err) < 0)
		return -1;
	return attest ? attest_write(s, r, x, began, err) : 0;
}

static int
execute(struct session *s, struct run *r, struct ui *ui, bool attest)
{
	struct exports x = VEC_INIT;
	struct err err = ERR_INIT;
	int64_t began = clock_ms();
	time_t since = time(NULL);
	int code;

	ui_header(ui, &s->pipeline, count_selected(r));
	code = run_execute(r);
	if (code == RUN_OK && deliver(s, r, attest, since, &x, &err) < 0) {
		r->damaged = err.code == INPUTS_DAMAGED;
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else if (code == RUN_OK) {
		summary(s, r, &x, ui);
	} else if (code == RUN_FAILED && ui->mode != UI_JSON) {
		failures(s, r, ui);
	} else if (code == RUN_INTERRUPTED && ui->mode != UI_JSON) {
		printf("interrupted: run it again to go on\n");
	}
	if (ui->mode == UI_JSON)
		ui_json_end(ui, r, code, clock_ms() - began);
	exports_release(&x);
	err_clear(&err);
	return code;
}

/* again: stored files were damaged, and another run makes them anew. */
static int
open_and_execute(struct session *s, const struct args *args, struct run_options opt,
	const struct again *a, bool *again)
{
	struct err err = ERR_INIT;
	struct run r;
	struct ui ui;
	int code;

	ui_init(&ui, stdout, args_has(args, "json"));
	ui.quiet = args_has(args, "quiet");
	opt.observer = ui_observer(&ui);
	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0 ||
	    export_check(&s->pipeline, s->out_dir, &err) < 0) {
		ui_show_problems(&ui, &r);
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else {
		code = execute(s, &r, &ui, args_has(args, "attest"));
		if (code == EXIT_DONE)
			again_keep(a, &r, &ui);
	}
	*again = code == EXIT_FAILED && r.damaged;
	run_close(&r);
	ui_release(&ui);
	err_clear(&err);
	return code;
}

/* Each time at least one damaged file is put aside; a disk that spoils all is no place. */
static int
heal_and_execute(struct session *s, const struct args *args, struct run_options opt,
	const struct again *a)
{
	bool again = true;
	int code = 0;

	for (int i = 0; again && i < HEAL_MAX; i++) {
		if (i)
			fprintf(stderr, "msmv: note: what was damaged is made again\n");
		code = open_and_execute(s, args, opt, a, &again);
	}
	return code;
}

static int
run_stages(struct session *s, const struct args *args, const struct again *a)
{
	struct stage_names until = VEC_INIT, only = VEC_INIT;
	int code = read_stages(s, args, "until", &until);

	if (code == 0)
		code = read_stages(s, args, "only", &only);
	if (code == 0) {
		again_retire(a);
		code = heal_and_execute(s, args,
			(struct run_options){ .until = until.v, .only = only.v,
				.keep_going = args_has(args, "keep-going") },
			a);
	}
	vec_release(&until);
	vec_release(&only);
	return code;
}

static int
run_recipe(const struct args *args, const struct again *a)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	struct session s;
	int code = session_start(&s, args);

	if (code == 0) {
		if (cwd)
			state_set_last_recipe(&s.ctx, cwd, s.pipeline.recipe);
		code = run_stages(&s, args, a);
	}
	session_close(&s);
	return code;
}

static int
run(const struct args *args)
{
	const char *recipe = session_recipe_arg(args);
	struct again a;
	int code = EXIT_DONE;

	if (!recipe)
		return EXIT_USAGE;
	again_open(&a, args, recipe);
	if (!again_says_so(&a))
		code = run_recipe(args, &a);
	again_close(&a);
	return code;
}

const struct cmd cmd_run = {
	.name = "run",
	.synopsis = "RECIPE [OPTIONS]",
	.help = "Build what a recipe says and prove it by booting it",
	.text = "A stage whose inputs, options and tools are as before is not run again. Images\n"
		"and the boot report go to the output folder.\n",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv why: why a stage would run, or ran last, and from there back to what a person
 * changed. An input that changed was made by a stage, which had a reason of its own.
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

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

/* One stage on the way to the cause. */
struct step {
	const struct job *job;
	const char *state; /* "runs", "waits" or "ran" */
	const char *why;   /* NULL: nobody wrote it down */
};

struct chain {
	const struct run *run;
	VEC(struct step) steps;
};

/* Is "option.NAME", "option.NAME.ITEM" or "input.PORT.N" a field that the reason names? */
static bool
names_field(const char *why, const char *field)
{
	size_t n = strlen(field);

	for (const char *at = why; (at = strstr(at, field)); at += n)
		if (at[n] == ':' || at[n] == ' ' || at[n] == '\0')
			return true;
	return false;
}

/* The i-th input is which of its port? */
static size_t
place_in_port(const struct job *j, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += streq(j->stage->inputs.v[k].port, j->stage->inputs.v[i].port);
	return n;
}

/* "waits for STAGE" names it; else the first input whose field the reason names. */
static const struct job *
producer_of(const struct chain *c, const struct job *j, const char *why)
{
	static const char waits[] = "waits for ";

	if (j->state == JOB_UNKNOWN && str_starts(why, waits))
		return run_job(c->run, why + strlen(waits));
	for (size_t i = 0; i < j->stage->inputs.len; i++) {
		const struct stage_input *in = &j->stage->inputs.v[i];
		cleanup_free char *field = xasprintf("input.%s.%zu", in->port, place_in_port(j, i));

		if (names_field(why, field))
			return run_job(c->run, in->from_stage);
	}
	return NULL;
}

static struct step
step_of(const struct chain *c, const struct job *j)
{
	if (j->state == JOB_CACHED)
		return (struct step){ j, "ran", state_why(&c->run->state, j->stage->name) };
	return (struct step){ j, j->state == JOB_UNKNOWN ? "waits" : "runs",
		j->message ? j->message : j->why };
}

/* A graph has no circles, so this ends. */
static void
follow(struct chain *c, const struct job *j)
{
	while (j) {
		struct step step = step_of(c, j);

		vec_push(&c->steps, step);
		j = step.why ? producer_of(c, j, step.why) : NULL;
	}
}

/* ---- Places ---------------------------------------------------------- */

static struct pos
item_place(const struct stage_option *o, const char *why)
{
	for (size_t k = 0; k < o->count; k++) {
		cleanup_free char *field = o->keys && o->keys[k]
			? xasprintf("option.%s.%s", o->name, o->keys[k])
			: xasprintf("option.%s.%zu", o->name, k);

		if (o->places && names_field(why, field))
			return o->places[k];
	}
	return POS_NONE;
}

/* Where in the recipe the first option stands that the reason names. */
static struct pos
place_of(const struct step *step)
{
	const struct stage *s = step->job->stage;

	for (size_t i = 0; step->why && i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];
		cleanup_free char *field = xasprintf("option.%s", o->name);
		struct pos pos = item_place(o, step->why);

		if (pos.line)
			return pos;
		if (names_field(step->why, field))
			return o->pos;
	}
	return POS_NONE;
}

static char *
place_text(const struct chain *c, const struct step *step)
{
	struct pos pos = place_of(step);
	const struct source *source = sources_get(&c->run->pipeline->sources, pos.file);

	if (!pos.line || !source)
		return NULL;
	return xasprintf("%s:%d:%d", path_base(source->file), pos.line, pos.column);
}

/* ---- Output ---------------------------------------------------------- */

static void
print_step(const struct chain *c, size_t i)
{
	static const struct {
		const char *state, *first, *next;
	} words[] = { { "runs", "would run", "would run" }, { "waits", "would run", "would run" },
		{ "ran", "is kept; it ran last", "ran" } };
	const struct step *step = &c->steps.v[i];
	cleanup_free char *place = place_text(c, step);
	cleanup_str struct str why = STR_INIT;
	const char *verb = "";

	for (size_t k = 0; k < ARRAY_LEN(words); k++)
		if (streq(words[k].state, step->state))
			verb = i ? words[k].next : words[k].first;
	text_clean(&why, step->why ? step->why : "nobody wrote down why");
	printf("%*s%s %s: %s%s%s%s\n", (int)i * 2, "", step->job->stage->name, verb,
		str_text(&why), place ? " (" : "", place ? place : "", place ? ")" : "");
}

static json_t *
step_json(const struct chain *c, const struct step *step)
{
	cleanup_free char *place = place_text(c, step);
	json_t *o = json_object();

	json_object_set_new(o, "stage", json_text(step->job->stage->name));
	json_object_set_new(o, "state", json_text(step->state));
	json_object_set_new(o, "key", *step->job->key ? json_text(step->job->key) : json_null());
	json_object_set_new(o, "why", json_text(step->why));
	json_object_set_new(o, "place", json_text(place));
	return o;
}

static void
print_json(const struct chain *c)
{
	json_t *steps = json_array(), *o = json_pack("{s:i}", "v", 1);

	for (size_t i = 0; i < c->steps.len; i++)
		json_array_append_new(steps, step_json(c, &c->steps.v[i]));
	json_object_set_new(o, "steps", steps);
	json_print(o);
}

/* ---- The command ----------------------------------------------------- */

static int
no_stage(const struct run *r, const char *stage)
{
	cleanup_str struct str all = STR_INIT;

	for (size_t i = 0; i < r->graph.len; i++)
		str_addf(&all, "%s%s", i ? " " : "", r->jobs[i].stage->name);
	return complain(EXIT_FAILED, "there is no stage %s\nstages of this recipe: %s", stage,
		str_text(&all));
}

static int
explain(struct session *s, const char *stage, const struct args *args)
{
	struct run_options opt = { .only = NULL };
	struct err err = ERR_INIT;
	struct run r;
	struct chain c = { &r, VEC_INIT };
	int code = EXIT_DONE;

	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		ui_show_problems(NULL, &r);
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else {
		run_plan(&r);
		follow(&c, run_job(&r, stage));
		if (!c.steps.len)
			code = no_stage(&r, stage);
		else if (args_has(args, "json"))
			print_json(&c);
		for (size_t i = 0; !args_has(args, "json") && i < c.steps.len; i++)
			print_step(&c, i);
	}
	vec_release(&c.steps);
	run_close(&r);
	err_clear(&err);
	return code;
}

static int
run(const struct args *args)
{
	cleanup_free char *recipe = NULL;
	struct session s;
	int code = session_open(&s, args);

	if (code == 0) {
		recipe = session_recipe_here(&s, args, "why");
		code = recipe ? session_plugins(&s) : EXIT_FAILED;
	}
	if (code == 0)
		code = session_recipe(&s, recipe, args);
	if (code == 0)
		code = explain(&s, args->words.v[args->words.len - 1], args);
	session_close(&s);
	return code;
}

const struct cmd cmd_why = {
	.name = "why",
	.synopsis = "[RECIPE] STAGE [OPTIONS]",
	.help = "Say why a stage would run, or ran last",
	.text = "Takes --set and the like, as run does, and says what they would change. Each line\n"
		"below is the reason of the line above, down to what a person changed. Without\n"
		"RECIPE: of the one last run in this folder.\n",
	.options = options,
	.min_words = 1,
	.max_words = 2,
	.run = run,
};

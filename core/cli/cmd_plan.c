/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv plan: what run would do, and why, without doing it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/ui.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static const char *
word(const struct job *j)
{
	switch (j->state) {
	case JOB_CACHED:
		return "cached";
	case JOB_FAILED:
		return "error";
	case JOB_UNKNOWN:
		return "later";
	default:
		return "run";
	}
}

static void
print_text(const struct run *r)
{
	size_t width = 0, n;

	for (size_t i = 0; i < r->graph.len; i++)
		if ((n = strlen(r->jobs[i].stage->name)) > width)
			width = n;
	for (size_t i = 0; i < r->graph.len; i++) {
		const struct job *j = r->graph.topo[i]->data;
		cleanup_str struct str why = STR_INIT;

		text_clean(&why, j->message ? j->message : j->why ? j->why : "");
		printf("  %-7s %-*s  %-13s  %-12.12s  %s\n", word(j), (int)width, j->stage->name,
			j->stage->plugin->name, *j->key ? j->key : "-", str_text(&why));
	}
}

static json_t *
options_json(const struct stage *s)
{
	json_t *all = json_object();

	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];
		json_t *v = o->keys ? json_object() : json_array();

		for (size_t k = 0; k < o->count; k++) {
			if (o->keys)
				json_object_set_new(v, o->keys[k], json_text(o->values[k]));
			else
				json_array_append_new(v, json_text(o->values[k]));
		}
		json_object_set_new(all, o->name, v);
	}
	return all;
}

static json_t *
inputs_json(const struct stage *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->inputs.len; i++)
		json_array_append_new(all,
			json_pack("{s:s, s:s, s:s}", "port", s->inputs.v[i].port, "stage",
				s->inputs.v[i].from_stage, "output", s->inputs.v[i].from_port));
	return all;
}

static json_t *
needs_json(const struct graph_node *n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n->deps.len; i++)
		json_array_append_new(all, json_text(n->deps.v[i]->stage->name));
	return all;
}

static json_t *
job_json(const struct job *j)
{
	json_t *o = json_object();

	json_object_set_new(o, "stage", json_text(j->stage->name));
	json_object_set_new(o, "plugin", json_text(j->stage->plugin->name));
	if (j->stage->arch)
		json_object_set_new(o, "arch", json_text(j->stage->arch));
	json_object_set_new(o, "state", json_text(word(j)));
	json_object_set_new(o, "key", *j->key ? json_text(j->key) : json_null());
	json_object_set_new(o, "why", j->message ? json_text(j->message)
			: j->why ? json_text(j->why) : json_null());
	json_object_set_new(o, "needs", needs_json(j->node));
	json_object_set_new(o, "inputs", inputs_json(j->stage));
	json_object_set_new(o, "options", options_json(j->stage));
	return o;
}

static void
print_json(const struct run *r)
{
	json_t *stages = json_array();
	json_t *o = json_object();

	for (size_t i = 0; i < r->graph.len; i++)
		json_array_append_new(stages, job_json(r->graph.topo[i]->data));
	json_object_set_new(o, "recipe", json_text(r->pipeline->recipe));
	json_object_set_new(o, "name", json_text(r->pipeline->name));
	if (r->pipeline->arch)
		json_object_set_new(o, "arch", json_text(r->pipeline->arch));
	json_object_set_new(o, "stages", stages);
	json_print(o);
}

static int
plan(struct session *s, const struct args *args)
{
	struct run_options opt = { .only = NULL };
	struct err err = ERR_INIT;
	struct run r;
	int code = EXIT_DONE;

	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		ui_show_problems(NULL, &r);
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else {
		run_plan(&r);
		if (args_has(args, "json"))
			print_json(&r);
		else
			print_text(&r);
	}
	for (size_t i = 0; r.jobs && i < r.graph.len; i++)
		if (r.jobs[i].state == JOB_FAILED)
			code = EXIT_FAILED;
	run_close(&r);
	err_clear(&err);
	return code;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_start(&s, args);

	if (code == 0)
		code = plan(&s, args);
	session_close(&s);
	return code;
}

const struct cmd cmd_plan = {
	.name = "plan",
	.synopsis = "RECIPE [OPTIONS]",
	.help = "Show the stages of a recipe: run or cached, and why",
	.text = "A stage's key is known once its inputs are; until then it stands as 'later'.\n",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};

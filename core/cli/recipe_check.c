/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv recipe check: everything that run would refuse, all at once, and nothing built. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/recipe.h"
#include "cli/session.h"
#include "cli/ui.h"

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "where facts are cached (default ~/.cache/msmv)" },
	{ 0, "set", "KEY=VALUE", "change a recipe value before the check" },
	{ 0, "profile", "NAME", "put [profile.NAME] over the recipe; may be given again" },
	{ 0, "arch", "ARCH", "of a recipe for several architectures only this; again for more" },
	{ 0, "strict", NULL, "a warning is as good as an error" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

/* What is known of one recipe. */
struct checked {
	struct diags diags;
	size_t stages;
	char *plugins; /* what the plugins say; NULL: nothing is wrong */
};

/* The plugins look at their options, as plan has them do. What they say of a place goes
   to the other problems of the recipe; a missing tool has none. */
static void
ask_plugins(struct session *s, struct checked *c)
{
	struct run_options opt = { .only = NULL };
	struct err err = ERR_INIT;
	struct run r;

	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		for (size_t i = 0; r.jobs && i < r.graph.len; i++)
			ui_problems_add(&c->diags, &r.jobs[i]);
		c->plugins = xstrdup(err_msg(&err));
	}
	c->stages = s->pipeline.stages.len;
	run_close(&r);
	err_clear(&err);
}

static int
check_one(struct session *s, const char *recipe, const struct args *args, struct checked *c)
{
	int code = session_lower(s, recipe, args, &c->diags);

	if (code == 0)
		code = session_lock(s, args, &c->diags);
	if (code == 0) {
		ask_plugins(s, c);
		code = c->plugins ? EXIT_FAILED : EXIT_DONE;
	}
	if (code == 0 && args_has(args, "strict") && c->diags.warnings)
		code = EXIT_FAILED;
	pipeline_release(&s->pipeline);
	return code;
}

static json_t *
problem_json(const struct diags *d, const struct diag *one)
{
	const struct source *source = sources_get(&d->sources, one->pos.file);
	json_t *o = json_object();

	json_object_set_new(o, "severity",
		json_text(one->severity == DIAG_ERROR ? "error" : "warning"));
	json_object_set_new(o, "file", json_text(source ? source->file : NULL));
	json_object_set_new(o, "line", json_integer(one->pos.line));
	json_object_set_new(o, "column", json_integer(one->pos.column));
	json_object_set_new(o, "message", json_text(one->message));
	json_object_set_new(o, "hint", json_text(one->hint));
	return o;
}

static json_t *
checked_json(const char *recipe, const struct checked *c, int code)
{
	json_t *problems = json_array(), *o = json_object();

	for (size_t i = 0; i < c->diags.list.len; i++)
		json_array_append_new(problems, problem_json(&c->diags, &c->diags.list.v[i]));
	if (c->plugins)
		json_array_append_new(problems,
			json_pack("{s:s, s:o, s:i, s:i, s:o, s:n}", "severity", "error", "file",
				json_text(recipe), "line", 0, "column", 0, "message",
				json_text(c->plugins), "hint"));
	json_object_set_new(o, "recipe", json_text(recipe));
	json_object_set_new(o, "ok", json_boolean(code == 0));
	json_object_set_new(o, "stages", json_integer((json_int_t)c->stages));
	json_object_set_new(o, "problems", problems);
	return o;
}

static void
show(const char *recipe, const struct checked *c, int code)
{
	cleanup_free char *text = diags_text(&c->diags);

	fputs(text, stderr);
	if (c->plugins)
		fprintf(stderr, "%s: error: %s\n", recipe, c->plugins);
	if (code == 0)
		printf("%s: ok: %zu stages\n", recipe, c->stages);
}

static void
print_json(json_t *recipes, int code, size_t flags)
{
	json_t *o = json_pack("{s:i, s:b, s:o}", "v", 1, "ok", code == 0, "recipes", recipes);
	char *text = json_dumps(o, flags);

	if (text)
		puts(text);
	free(text);
	json_decref(o);
}

/* In one line, as it may stand among the events of a run. */
void
recipe_print_problems(const char *recipe, const struct diags *diags)
{
	struct checked c = { *diags, 0, NULL };
	json_t *all = json_array();

	json_array_append_new(all, checked_json(recipe, &c, EXIT_FAILED));
	print_json(all, EXIT_FAILED, JSON_COMPACT);
}

static int
check_all(struct session *s, const struct args *args)
{
	json_t *all = args_has(args, "json") ? json_array() : NULL;
	int code = EXIT_DONE;

	for (size_t i = 0; i < args->words.len; i++) {
		struct checked c = { DIAGS_INIT, 0, NULL };
		int one = check_one(s, args->words.v[i], args, &c);

		if (all)
			json_array_append_new(all, checked_json(args->words.v[i], &c, one));
		else
			show(args->words.v[i], &c, one);
		code = one ? one : code;
		diags_release(&c.diags);
		free(c.plugins);
	}
	if (all)
		print_json(all, code, JSON_INDENT(2));
	return code;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_open(&s, args);

	if (code == 0)
		code = session_plugins(&s);
	s.overlays = true;
	if (code == 0)
		code = check_all(&s, args);
	session_close(&s);
	return code;
}

const struct cmd cmd_recipe_check = {
	.name = "recipe check",
	.synopsis = "RECIPE... [OPTIONS]",
	.help = "Say all that is wrong with recipes, without building",
	.text = "Reads, checks and lowers each recipe, and has the plugins look at their options.\n"
		"[profile.NAME] and [arch.NAME] that are not chosen are looked at as well, and so\n"
		"is RECIPE.lock. Nothing is fetched or built.\n",
	.options = options,
	.min_words = 1,
	.max_words = 100000,
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv lock: fetches the sources of a recipe, and nothing else, and writes down what
 * they are. What is locked stays as it is, unless --update names it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/json.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/ui.h"
#include "msmv/plugin.h"
#include "recipe/lock.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 'u', "update", NULL, "take what upstream has now, of all sources or the STAGEs" },
	{ 0, "check", NULL, "write nothing: does the lock cover the recipe exactly?" },
	{ 'j', "jobs", "N", "processes at a time (default: the CPUs)" },
	{ 0, "timeout", "SECONDS", "longest time for one source (default 7200, 0: none)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

typedef VEC(const char *) names;

/* NAME stands for NAME@ARCH of every ARCH, too. */
static int
add_named(const struct session *s, const char *name, names *out)
{
	size_t before = out->len;

	for (size_t i = 0; i < s->pipeline.stages.len; i++) {
		const struct stage *stage = s->pipeline.stages.v[i];

		if (stage_is(stage, name) && lock_wants(stage))
			vec_push(out, (const char *)stage->name);
	}
	if (out->len > before)
		return 0;
	complain(EXIT_USAGE, "%s is no source of the recipe (msmv plan shows its stages)", name);
	return -1;
}

/* All sources of the recipe, or those that the words from first on name. */
static int
list_sources(const struct session *s, const struct args *args, size_t first, bool all,
	names *out)
{
	for (size_t i = 0; all && i < s->pipeline.stages.len; i++)
		if (lock_wants(s->pipeline.stages.v[i]))
			vec_push(out, (const char *)s->pipeline.stages.v[i]->name);
	for (size_t i = first; !all && i < args->words.len; i++)
		if (add_named(s, args->words.v[i], out) < 0)
			return -1;
	vec_push(out, (const char *)NULL);
	return 0;
}

static bool
is_named(const names *list, const char *name)
{
	for (size_t i = 0; i < list->len && list->v[i]; i++)
		if (streq(list->v[i], name))
			return true;
	return false;
}

/* ---- From results to entries ------------------------------------------ */

/* The one line of a small output, or NULL if it was not made; the caller frees. */
static char *
read_line(const struct run *r, const struct job *j, const char *port)
{
	const char *digest = job_output(j, port, "digest");
	cleanup_free char *path = digest ? store_blob_path(&r->ctx->store, digest) : NULL;
	cleanup_str struct str text = STR_INIT;

	if (!path || fs_read(path, 4096, &text, NULL) < 0)
		return NULL;
	return xstrndup(str_text(&text), strcspn(str_text(&text), "\n"));
}

/* What was fetched: the one output that is no remark. */
static const char *
main_output(const struct job *j)
{
	const struct plugin_info *p = j->stage->plugin;

	for (size_t i = 0; i < p->outputs.len; i++)
		if (!(p->outputs.v[i].flags & (MSMV_PORT_ASIDE | MSMV_PORT_OPTIONAL)))
			return p->outputs.v[i].name;
	return "file";
}

static void
add_source(const struct run *r, const struct job *j, struct lock *out)
{
	const char *port = main_output(j), *digest = job_output(j, port, "digest");
	const char *size = job_output(j, port, "size"), *file = job_output(j, port, "file");
	struct lock_source s;

	if (!digest || lock_find(out, j->stage)) /* or of another architecture */
		return;
	lock_source_init(&s, j->stage);
	snprintf(s.sha256, sizeof(s.sha256), "%s", digest);
	s.size = size ? strtoull(size, NULL, 10) : 0;
	s.file = file ? xstrdup(file) : NULL;
	s.signer = read_line(r, j, "signer");
	s.exact = read_line(r, j, "exact");
	vec_push(&out->sources, s);
}

/* Does the recipe, as it is now, ask for it? */
static bool
is_wanted(const struct pipeline *p, const struct lock *l, const struct lock_source *src)
{
	for (size_t i = 0; i < p->stages.len; i++)
		if (lock_wants(p->stages.v[i]) && lock_find(l, p->stages.v[i]) == src)
			return true;
	return false;
}

/* Options that give a recipe another shape than it has by itself. */
static bool
is_shaped(const struct args *args)
{
	return args_has(args, "set") || args_has(args, "profile") || args_has(args, "arch");
}

/* Of a recipe in another shape: what only its other shapes ask for stays. */
static void
keep_others(const struct lock *old, const struct pipeline *p, struct lock *out)
{
	for (size_t i = 0; i < old->sources.len; i++) {
		const struct lock_source *was = &old->sources.v[i];
		struct lock_source s = { .size = was->size };

		if (is_wanted(p, old, was))
			continue;
		s.stage = xstrdup(was->stage);
		for (size_t k = 0; k < was->url.len; k++)
			vec_push(&s.url, xstrdup(was->url.v[k]));
		memcpy(s.sha256, was->sha256, sizeof(s.sha256));
		s.file = was->file ? xstrdup(was->file) : NULL;
		s.signer = was->signer ? xstrdup(was->signer) : NULL;
		s.exact = was->exact ? xstrdup(was->exact) : NULL;
		vec_push(&out->sources, s);
	}
}

/* ---- What is said ----------------------------------------------------- */

static const struct lock_source *
same_stage(const struct lock *l, const struct lock_source *like)
{
	for (size_t i = 0; i < l->sources.len; i++)
		if (streq(l->sources.v[i].stage, like->stage))
			return &l->sources.v[i];
	return NULL;
}

static void
show_change(const struct lock_source *was, const struct lock_source *is)
{
	if (was && streq(was->sha256, is->sha256))
		return;
	printf("  %s  %s  %s", was ? "changed" : "new", is->stage, is->sha256);
	if (was)
		printf(", was %s", was->sha256);
	printf("\n");
	if (was && was->signer && (!is->signer || !streq(was->signer, is->signer)))
		printf("  warning: %s was signed by %s, now by %s\n", is->stage, was->signer,
			is->signer ? is->signer : "nobody");
}

static void
show_text(const struct lock *old, const struct lock *now)
{
	for (size_t i = 0; i < now->sources.len; i++)
		show_change(same_stage(old, &now->sources.v[i]), &now->sources.v[i]);
	for (size_t i = 0; i < old->sources.len; i++)
		if (!same_stage(now, &old->sources.v[i]))
			printf("  gone  %s\n", old->sources.v[i].stage);
	printf("%s: %zu source%s\n", now->path, now->sources.len,
		now->sources.len == 1 ? "" : "s");
}

static void
show_json(const struct lock *l)
{
	json_t *list = json_array(), *all;
	char *text;

	for (size_t i = 0; i < l->sources.len; i++) {
		const struct lock_source *s = &l->sources.v[i];
		json_t *o = json_object(), *urls = json_array();

		for (size_t k = 0; k < s->url.len; k++)
			json_array_append_new(urls, json_text(s->url.v[k]));
		json_object_set_new(o, "stage", json_text(s->stage));
		json_object_set_new(o, "url", urls);
		json_object_set_new(o, "sha256", json_text(s->sha256));
		json_object_set_new(o, "size", json_integer((json_int_t)s->size));
		json_object_set_new(o, "file", json_text(s->file));
		json_object_set_new(o, "exact", json_text(s->exact));
		json_object_set_new(o, "signer", json_text(s->signer));
		json_array_append_new(list, o);
	}
	all = json_pack("{s:o, s:o}", "lock", json_text(l->path), "sources", list);
	text = all ? json_dumps(all, JSON_INDENT(2)) : NULL;
	if (text)
		puts(text);
	free(text);
	json_decref(all);
}

/* ---- The command ------------------------------------------------------ */

/* Sources that the recipe no longer has. */
static int
check_leftovers(const struct session *s, const struct lock *l)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < l->sources.len; i++) {
		const struct lock_source *src = &l->sources.v[i];

		if (is_wanted(&s->pipeline, l, src))
			continue;
		code = complain(EXIT_FAILED, "%s has %s of %s, which the recipe does not ask for",
			l->path, src->stage, src->url.v[0]);
	}
	return code;
}

static int
check(struct session *s, const struct lock *l, const struct args *args)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_free char *text = NULL;
	int code = EXIT_DONE;

	sources_copy(&diags.sources, &s->pipeline.sources);
	if (!l->found)
		return complain(EXIT_FAILED, "there is no %s: msmv lock writes it", l->path);
	for (size_t i = 0; i < s->pipeline.stages.len; i++)
		if (lock_apply(l, s->pipeline.stages.v[i], LOCK_STRICT, &diags) < 0)
			code = EXIT_FAILED;
	text = diags_text(&diags);
	fputs(text, stderr);
	if (!is_shaped(args) && check_leftovers(s, l))
		code = EXIT_FAILED;
	if (code == EXIT_DONE && args_has(args, "json"))
		show_json(l);
	else if (code == EXIT_DONE)
		printf("%s: %zu sources, as the recipe has them\n", l->path, l->sources.len);
	return code;
}

static int
write_lock(struct run *r, const struct lock *old, const struct args *args)
{
	cleanup_lock struct lock now = LOCK_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_str struct str before = STR_INIT;
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	now.path = xstrdup(old->path);
	for (size_t i = 0; i < r->graph.len; i++)
		if (lock_wants(r->jobs[i].stage))
			add_source(r, &r->jobs[i], &now);
	if (is_shaped(args))
		keep_others(old, r->pipeline, &now);
	lock_write(&now, &text);
	if (old->found)
		fs_read(old->path, text.len + 1, &before, NULL);
	if ((before.len != text.len || memcmp(str_text(&before), str_text(&text), text.len) != 0) &&
	    fs_write(now.path, text.p, text.len, true, &err) < 0)
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	else if (args_has(args, "json"))
		show_json(&now);
	else
		show_text(old, &now);
	err_clear(&err);
	return code;
}

static int
fetch_all(struct session *s, const struct lock *old, const names *update, const names *all,
	const struct args *args)
{
	struct run_options opt = { .until = all->v, .fresh = update->v };
	bool json = args_has(args, "json");
	struct err err = ERR_INIT;
	struct run r;
	struct ui ui;
	int code;

	ui_init(&ui, json ? stderr : stdout, false);
	opt.observer = ui_observer(&ui);
	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		ui_show_problems(&ui, &r);
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else {
		ui_header(&ui, &s->pipeline, all->len - 1);
		code = run_execute(&r);
		if (code == RUN_OK)
			code = write_lock(&r, old, args);
		else
			complain(code, "the lock stays as it was");
	}
	run_close(&r);
	ui_release(&ui);
	err_clear(&err);
	return code;
}

static int
lock_recipe(struct session *s, const struct args *args, size_t first)
{
	cleanup_lock struct lock old = LOCK_INIT;
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_free char *path = lock_path(s->pipeline.recipe);
	cleanup_free char *text = NULL;
	names update = VEC_INIT, all = VEC_INIT;
	int code = EXIT_USAGE;

	if (lock_read(&old, path, &diags) < 0) {
		text = diags_text(&diags);
		fputs(text, stderr);
		return EXIT_FAILED;
	}
	if (args_has(args, "check"))
		return check(s, &old, args);
	if (list_sources(s, args, first, args_has(args, "update") && first == args->words.len,
		    &update) == 0 &&
	    list_sources(s, args, 0, true, &all) == 0) {
		for (size_t i = 0; i < all.len - 1; i++)
			if (!is_named(&update, all.v[i]))
				lock_apply(&old, pipeline_find(&s->pipeline, all.v[i]), LOCK_QUIET,
					&diags);
		code = all.len > 1 ? fetch_all(s, &old, &update, &all, args)
			: complain(EXIT_FAILED, "the recipe fetches nothing that could be locked");
	}
	vec_release(&update);
	vec_release(&all);
	return code;
}

static int
run(const struct args *args)
{
	const char *recipe = args_get(args, "config-file", 0);
	size_t first = recipe ? 0 : 1;
	struct session s;
	int code;

	if (!recipe && args->words.len)
		recipe = args->words.v[0];
	if (!recipe)
		return complain(EXIT_USAGE, "which recipe? msmv lock wants RECIPE as a word or with -c");
	if (args->words.len > first && !args_has(args, "update"))
		return complain(EXIT_USAGE, "%s is one word too many: a STAGE goes with --update",
			args->words.v[first]);
	code = session_open(&s, args);
	s.relock = true;
	if (code == 0)
		code = session_plugins(&s);
	if (code == 0)
		code = session_recipe(&s, recipe, args);
	if (code == 0)
		code = lock_recipe(&s, args, first);
	session_close(&s);
	return code;
}

const struct cmd cmd_lock = {
	.name = "lock",
	.synopsis = "RECIPE [--update [STAGE...]] [OPTIONS]",
	.help = "Fetch a recipe's sources and write down what they are",
	.text = "Writes RECIPE.lock: the url, SHA-256, size and signer of every source. From then\n"
		"on a changed upstream is an error. What is locked already stays; --update takes\n"
		"what upstream has now.\n",
	.options = options,
	.min_words = 0,
	.max_words = 64,
	.run = run,
};

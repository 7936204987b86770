/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store gc: forgets results that nobody used for long or that take too much space. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "cli/session.h"
#include "cli/store.h"
#include "cli/text.h"
#include "recipe/schema_type.h"
#include "store/gc.h"

static const struct cmd_option options[] = {
	SESSION_OPTIONS,
	{ 0, "older-than", "AGE", "results that no run took for so long go: 12h, 30d, 8w" },
	{ 0, "max-size", "SIZE", "the least recently used go until the rest fits: 500M, 20G" },
	{ 0, "keep", "RECIPE", "what this recipe takes stays; may be given again" },
	{ 0, "dry-run", NULL, "only say what would go" },
	{ 0, NULL, NULL, NULL },
};

static int
read_limits(const struct args *args, struct gc_limits *limits)
{
	const char *age = args_get(args, "older-than", 0);
	const char *size = args_get(args, "max-size", 0);
	int64_t seconds = age ? store_age(age) : 0, bytes = 0;

	if (seconds < 0)
		return complain(EXIT_USAGE, "--older-than %s: give a number and one of s, m, h, d, w, "
			"as 30d", age);
	if (size && schema_type_size(size, &bytes) < 0)
		return complain(EXIT_USAGE, "--max-size %s: give bytes, or a number with K, M, G or T, "
			"as 20G", size);
	if (bytes < 0)
		return complain(EXIT_USAGE, "--max-size %s: a size is not negative", size);
	limits->before = age ? time(NULL) - seconds : 0;
	limits->max_size = size ? (uint64_t)bytes : UINT64_MAX;
	limits->dry = args_has(args, "dry-run");
	return EXIT_DONE;
}

/* The keys of all stages of a recipe that have a result. */
static int
keep_recipe(struct session *s, const char *recipe, const struct args *args, struct map *keep)
{
	struct run_options opt = { .only = NULL };
	struct err err = ERR_INIT;
	struct run r;
	int code = session_recipe(s, recipe, args);

	if (code)
		return code;
	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		code = complain(EXIT_FAILED, "%s: %s", recipe, err_msg(&err));
	} else {
		run_plan(&r);
		for (size_t i = 0; i < r.graph.len; i++)
			if (*r.jobs[i].key)
				map_put(keep, r.jobs[i].key, keep);
	}
	run_close(&r);
	pipeline_release(&s->pipeline);
	err_clear(&err);
	return code;
}

static int
keep_all(struct session *s, const struct args *args, struct map *keep)
{
	int code = args_has(args, "keep") ? session_plugins(s) : EXIT_DONE;

	for (int i = 0; code == 0 && args_get(args, "keep", i); i++)
		code = keep_recipe(s, args_get(args, "keep", i), args, keep);
	return code;
}

static void
print_report(const struct gc_report *report, const struct gc_limits *limits)
{
	cleanup_str struct str gone = STR_INIT, left = STR_INIT;

	text_size(&gone, report->bytes);
	text_size(&left, report->left_bytes);
	printf("%s %zu results and %zu files, %s; %zu results stay, %s\n",
		limits->dry ? "would remove" : "removed", report->results, report->blobs, gone.p,
		report->left, left.p);
	if (report->left_bytes > limits->max_size)
		puts("that is more than --max-size, as --keep holds it");
}

static int
collect(struct session *s, const struct gc_limits *limits)
{
	struct gc_report report = { 0 };
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int alone = store_alone(&s->ctx.store, &err);

	if (alone < 0 || store_gc(&s->ctx.store, limits, &report, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	print_report(&report, limits);
	return EXIT_DONE;
}

static int
run(const struct args *args)
{
	struct map keep = MAP_INIT;
	struct gc_limits limits = { .keep = &keep };
	struct session s;
	int code = read_limits(args, &limits);

	if (code)
		return code;
	code = session_open(&s, args);
	if (code == 0)
		code = keep_all(&s, args, &keep);
	if (code == 0)
		code = collect(&s, &limits);
	map_release(&keep, NULL);
	session_close(&s);
	return code;
}

const struct cmd cmd_store_gc = {
	.name = "store gc",
	.synopsis = "[OPTIONS]",
	.help = "Remove results by age or size, and files that no result names",
	.text = "Without limits only what no result names goes. --older-than also removes work folders\n"
		"that no stage was in for so long; msmv clean removes all of those. Nothing is removed\n"
		"while another msmv works in the store.\n",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};

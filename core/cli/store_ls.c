/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store ls: the results that are kept, the least recently used first. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/session.h"
#include "cli/store.h"
#include "cli/text.h"
#include "store/index.h"

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "the store (default ~/.cache/msmv)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static void
print_line(const struct index_result *r, int64_t now)
{
	cleanup_str struct str size = STR_INIT, age = STR_INIT;

	text_size(&size, r->size);
	store_age_text(&age, now > r->used ? now - r->used : 0);
	printf("  %.12s  %-18s %-14s %10s  %s ago\n", r->key,
		r->stage ? r->stage : "(damaged)", r->plugin ? r->plugin : "", size.p, age.p);
}

static void
print_text(const struct index *x)
{
	cleanup_str struct str size = STR_INIT;
	int64_t now = time(NULL);

	for (size_t i = 0; i < x->results.len; i++)
		print_line(&x->results.v[i], now);
	text_size(&size, index_size(x));
	printf("%zu results, %s\n", x->results.len, size.p);
}

static json_t *
result_json(const struct index_result *r)
{
	json_t *blobs = json_array(), *o = json_object();

	for (size_t i = 0; i < r->blobs.len; i++)
		json_array_append_new(blobs, json_text(r->blobs.v[i]->name));
	json_object_set_new(o, "key", json_text(r->key));
	json_object_set_new(o, "stage", json_text(r->stage));
	json_object_set_new(o, "plugin", json_text(r->plugin));
	json_object_set_new(o, "size", json_integer((json_int_t)r->size));
	json_object_set_new(o, "used", json_integer(r->used));
	json_object_set_new(o, "blobs", blobs);
	return o;
}

static void
print_json(const struct store *s, const struct index *x)
{
	json_t *results = json_array(), *o = json_object();

	for (size_t i = 0; i < x->results.len; i++)
		json_array_append_new(results, result_json(&x->results.v[i]));
	json_object_set_new(o, "v", json_integer(1));
	json_object_set_new(o, "store", json_text(s->dir));
	json_object_set_new(o, "size", json_integer((json_int_t)index_size(x)));
	json_object_set_new(o, "results", results);
	json_print(o);
}

static int
run(const struct args *args)
{
	cleanup_index struct index x = INDEX_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct session s;
	int code = session_open(&s, args);

	if (code == 0 && index_read(&x, &s.ctx.store, &err) < 0)
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	else if (code == 0 && args_has(args, "json"))
		print_json(&s.ctx.store, &x);
	else if (code == 0)
		print_text(&x);
	session_close(&s);
	return code;
}

const struct cmd cmd_store_ls = {
	.name = "store ls",
	.synopsis = "[OPTIONS]",
	.help = "List the results that are kept, oldest use first",
	.text = "For each: its key, the stage and plugin that made it, its size, and when a run took\n"
		"it last. Results share files, so the sum counts each once.\n",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};

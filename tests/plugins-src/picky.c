/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage plugin for tests of the service `problem`: no word and no value of the table
 * may be "bad". It says so when it is asked (check) or when it runs.
 */
#include <msmv/plugin.h>
#include <stdio.h>
#include <string.h>

static const struct msmv_option options[] = {
	{ "when", MSMV_TYPE_STRING, 0, "run", "when to find fault", NULL, "check|run", 0, 0 },
	{ "words", MSMV_TYPE_LIST, 0, NULL, "none is to be bad", NULL, NULL, 0, 0 },
	{ "values", MSMV_TYPE_MAP, 0, NULL, "none is to be bad", NULL, NULL, 0, 0 },
	{ "level", MSMV_TYPE_INT, 0, "1", "2 is no level", NULL, NULL, 0, 0 },
	{ "many", MSMV_TYPE_INT, 0, "0", "so many problems of the stage", NULL, NULL, 0, 0 },
};

static const struct msmv_port outputs[] = {
	{ "out", MSMV_PORT_FILE, 0, "picky.txt", "the word fine" },
};

static int
judge(struct msmv_stage *s)
{
	const struct msmv_host *h = s->host;
	int bad = 0;

	if (!MSMV_HAS(h, problem))
		return h->fail(s, MSMV_FAIL_RECIPE, "something is bad");
	for (size_t i = 0; i < h->option_count(s, "words"); i++)
		if (strcmp(h->option_at(s, "words", i), "bad") == 0)
			bad = h->problem(s, "words", "bad", "words: bad is a bad word",
				"say good\nor say nothing");
	for (size_t i = 0; i < h->option_count(s, "values"); i++)
		if (strcmp(h->option_at(s, "values", i), "bad") == 0)
			bad = h->problem(s, "values", h->option_key(s, "values", i),
				"values: bad is a bad value", NULL);
	if (h->option_int(s, "level") == 2)
		bad = h->problem(s, "level", NULL, "level: 2 is no level", "try 1");
	for (int64_t i = 0; i < h->option_int(s, "many"); i++)
		bad = h->problem(s, NULL, NULL, "is too much", NULL);
	return bad;
}

static int
check(struct msmv_stage *s)
{
	return strcmp(s->host->option(s, "when"), "check") == 0 ? judge(s) : 0;
}

static int
run(struct msmv_stage *s)
{
	FILE *out;

	if (judge(s) < 0)
		return -1;
	out = fopen(s->host->output_path(s, "out"), "w");
	if (!out || fputs("fine\n", out) < 0 || fclose(out) != 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output");
	return 0;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "picky",
	.version = "1",
	.summary = "finds fault with its options",
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.check = check,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * A stage plugin as a stranger would write it: this file, <msmv/plugin.h> and
 *
 *   cc $(pkg-config --cflags msmv) $(pkg-config --variable=cflags_plugin msmv) \
 *      -o shout.so shout.c
 *
 * It writes a text, or the file at its input, in capitals.
 */
#include <msmv/plugin.h>

#include <ctype.h>
#include <stdio.h>

static const struct msmv_option options[] = {
	{ "text", MSMV_TYPE_STRING, 0, "", "shouted first", NULL, NULL, 0, 0 },
};
static const struct msmv_port inputs[] = {
	{ "in", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL, NULL, "shouted next" },
};
static const struct msmv_port outputs[] = {
	{ "out", MSMV_PORT_FILE, 0, "shout.txt", "what was shouted" },
};
static const char *const provides[] = { "output:shout" };

static void
shout(FILE *in, FILE *out)
{
	for (int c; (c = getc(in)) != EOF;)
		putc(toupper(c), out);
}

static int
run(struct msmv_stage *s)
{
	const struct msmv_host *h = s->host;
	const char *path = h->output_path(s, "out");
	FILE *out = path ? fopen(path, "w") : NULL;
	FILE *in;

	if (!out)
		return h->fail(s, MSMV_FAIL_SYSTEM, "cannot create %s", path ? path : "output");
	for (const char *p = h->option(s, "text"); *p; p++)
		putc(toupper((unsigned char)*p), out);
	if (h->input_count(s, "in") && (in = fopen(h->input_path(s, "in", 0), "r"))) {
		shout(in, out);
		fclose(in);
	}
	if (fclose(out) != 0)
		return h->fail(s, MSMV_FAIL_SYSTEM, "cannot write %s", path);
	h->note(s, "loud");
	return 0;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "shout",
	.version = "1.0",
	.summary = "writes a text in capitals",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}

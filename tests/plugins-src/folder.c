/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage plugin for tests: a folder of this machine as a tree, so that a test
 * can hand any tree to the plugin that it is about.
 */
#include <msmv/plugin.h>

static const struct msmv_option options[] = {
	{.name = "dir",
		.type = MSMV_TYPE_PATHS,
		.flags = MSMV_OPT_REQUIRED,
		.help = "the folder"},
};

static const struct msmv_port outputs[] = {
	{"root", MSMV_PORT_TREE, MSMV_PORT_OPTIONAL, NULL, "what is in it"},
	{"sysroot", MSMV_PORT_TREE, MSMV_PORT_OPTIONAL, NULL, "the same"},
};

static int
run(struct msmv_stage *s)
{
	const char *dir = s->host->option(s, "dir");

	if (s->host->output_tree(s, "root", dir) != 0)
		return -1;
	return s->host->output_tree(s, "sysroot", dir);
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "folder",
	.version = "1",
	.summary = "makes a tree of a folder",
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Turns file trees into the archive that the kernel unpacks as its first root
 * file system. Several passes over the tree: the first refuses what cannot be
 * archived and learns the size, which the compressors need; the last writes.
 */
#include "newc.h"

#include <string.h>

static const char *const provides[] = { "output:initramfs", "output:cpio" };

static const struct msmv_option options[] = {
	{ .name = "compression",
		.type = MSMV_TYPE_STRING,
		.fallback = "none",
		.choices = "none|gzip|xz|zstd|lz4",
		.help = "how the archive is compressed; the kernel needs the matching "
			"CONFIG_RD_..." },
	{ .name = "level",
		.type = MSMV_TYPE_INT,
		.max = 22,
		.help = "compression level; default gzip 9, xz 6, zstd 19, lz4 9" },
};

static const struct msmv_port inputs[] = {
	{ .name = "root",
		.kind = MSMV_PORT_TREE,
		.flags = MSMV_PORT_MANY,
		.help = "the file trees, merged into one" },
};

static const struct msmv_port outputs[] = {
	{ .name = "image",
		.kind = MSMV_PORT_FILE,
		.filename = "initramfs.cpio",
		.help = "the archive, ready for -initrd" },
};

static const struct codec *
stage_codec(struct msmv_stage *stage)
{
	return codec_find(stage->host->option(stage, "compression"));
}

static int
cpio_check(struct msmv_stage *stage)
{
	const struct codec *codec = stage_codec(stage);
	int64_t level = stage->host->option_int(stage, "level");

	if (!codec)
		return stage->host->fail(stage, MSMV_FAIL_RECIPE,
			"no such compression: %s",
			stage->host->option(stage, "compression"));
	if (!stage->host->option_count(stage, "level"))
		return 0;
	if (!codec->library)
		return stage->host->fail(stage, MSMV_FAIL_RECIPE,
			"level = %lld without compression: set compression, "
			"or leave level out",
			(long long)level);
	if (level < codec->min || level > codec->max)
		return stage->host->fail(stage, MSMV_FAIL_RECIPE,
			"level = %lld: %s has levels %d to %d", (long long)level,
			codec->name, codec->min, codec->max);
	return 0;
}

/* Another version of a compressor may write other bytes. */
static int
cpio_facts(struct msmv_stage *stage)
{
	const struct codec *codec = stage_codec(stage);

	if (!codec || !codec->library)
		return 0;
	return stage->host->fact(stage, codec->library, codec->version());
}

/* One pass over the merged trees. */
static int
each_entry(struct newc *newc, int (*take)(struct newc *, const struct msmv_entry *))
{
	const struct msmv_host *host = newc->stage->host;
	struct msmv_tree *tree = host->tree_open(newc->stage, "root");
	struct msmv_entry entry = { .struct_size = sizeof(entry) };
	int rc;

	if (!tree)
		return -1;
	while ((rc = host->tree_next(tree, &entry)) == 1) {
		rc = take(newc, &entry);
		if (rc)
			break;
	}
	return host->tree_close(tree) || rc ? -1 : 0;
}

static int
name_output(struct msmv_stage *stage, const struct codec *codec)
{
	char name[32] = "initramfs.cpio";

	strncat(name, codec->suffix, sizeof(name) - strlen(name) - 1);
	return stage->host->output_name(stage, "image", name);
}

static int
write_archive(struct newc *newc)
{
	struct msmv_stage *stage = newc->stage;
	struct sink *sink = newc->sink;

	if (newc->links.count && each_entry(newc, newc_learn))
		return -1;
	if (sink_open(sink, stage->host->output_path(stage, "image")) ||
		each_entry(newc, newc_add) || newc_close(newc) || sink_finish(sink))
		return -1;
	if (sink->taken != sink->total)
		return stage->host->fail(
			stage, MSMV_FAIL_INPUT, "the tree changed while it was read");
	stage->host->note(stage, "%llu members, %llu KB",
		(unsigned long long)newc->entries,
		(unsigned long long)(sink->written + 1023) / 1024);
	return name_output(stage, sink->codec);
}

static int
cpio_run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	struct sink sink = { .stage = stage, .codec = stage_codec(stage), .fd = -1 };
	struct newc newc = {
		.stage = stage, .sink = &sink, .mtime = (uint32_t)host->epoch(stage)
	};
	int rc = -1;

	if (!each_entry(&newc, newc_measure)) {
		newc_measured(&newc);
		sink.total = newc.size;
		sink.threads = host->jobs(stage);
		sink.level = sink.codec->fallback;
		if (host->option_count(stage, "level"))
			sink.level = (int)host->option_int(stage, "level");
		rc = write_archive(&newc);
	}
	sink_release(&sink);
	newc_release(&newc);
	return rc;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "cpio",
	.version = "1",
	.summary = "packs file trees as an initramfs (cpio newc)",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.check = cpio_check,
	.facts = cpio_facts,
	.run = cpio_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}

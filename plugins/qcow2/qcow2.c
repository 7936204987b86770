/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Turns file trees into a disk with one ext4 file system, which a kernel mounts
 * with root=/dev/vda. No root, no mount, no mke2fs and no qemu-img: the file
 * system is written straight into the image's clusters.
 */
#include <errno.h>
#include <string.h>

#include "ext4.h"
#include "inode.h"
#include "nodes.h"
#include "room.h"

#define SIZE_LEAST ((int64_t)1 << 20)
#define SIZE_MOST (((int64_t)1 << 44) - ((int64_t)1 << 20)) /* 32-bit block numbers */

static const char *const provides[] = { "output:qcow2", "output:qemu_image",
	"output:raw" };

static const struct msmv_option options[] = {
	{ .name = "format",
		.type = MSMV_TYPE_STRING,
		.fallback = "qcow2",
		.choices = "qcow2|qemu_image|raw",
		.help = "the image file's format; qemu_image is another name for qcow2" },
	{ .name = "size",
		.type = MSMV_TYPE_SIZE,
		.min = SIZE_LEAST,
		.max = SIZE_MOST,
		.help = "size of the disk; default: files and a quarter, 32M or more" },
	{ .name = "label",
		.type = MSMV_TYPE_STRING,
		.fallback = "root",
		.help = "the file system's label, 16 bytes at most" },
	{ .name = "journal",
		.type = MSMV_TYPE_BOOL,
		.fallback = "false",
		.help = "keep a journal, for guests that may be cut off while writing" },
};

static const struct msmv_port inputs[] = {
	{ .name = "root",
		.kind = MSMV_PORT_TREE,
		.flags = MSMV_PORT_MANY,
		.help = "the file trees, merged into one" },
};

static const struct msmv_port outputs[] = {
	{ .name = "disk",
		.kind = MSMV_PORT_FILE,
		.filename = "disk.qcow2",
		.help = "the disk image" },
};

static int
disk_check(struct msmv_stage *stage)
{
	const char *label = stage->host->option(stage, "label");

	if (label && strlen(label) > EXT2_LABEL_LEN)
		return stage->host->fail(stage, MSMV_FAIL_RECIPE,
			"label = \"%s\" is longer than the 16 bytes that ext4 holds",
			label);
	return 0;
}

/* Another version of the library may lay a file system out differently. */
static int
disk_facts(struct msmv_stage *stage)
{
	const char *version, *date;

	ext2fs_get_library_version(&version, &date);
	return stage->host->fact(stage, "libext2fs", version);
}

/* Turns an error of libext2fs or errno into the stage's failure. */
static int
disk_fail(struct msmv_stage *stage, errcode_t rc, const char *path)
{
	const struct msmv_host *host = stage->host;

	if (rc == EINTR && host->cancelled(stage))
		return host->fail(stage, MSMV_FAIL_SYSTEM, "stopped on request");
	if (rc == EXT2_ET_BLOCK_ALLOC_FAIL || rc == EXT2_ET_EXTENT_NO_SPACE)
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"the file system is full at /%s; set a larger size", path);
	initialize_ext2_error_table();
	return host->fail(stage, MSMV_FAIL_SYSTEM,
		"cannot write %s%s to the disk image: %s", path ? "/" : "the file system",
		path ? path : "", error_message(rc));
}

static int
fill_disk(struct ext4 *ext4, struct disk *disk, const struct nodes *nodes)
{
	struct msmv_stage *stage = ext4->stage;
	errcode_t rc = ext4_make(ext4, disk, room_inodes(nodes, disk->size));

	for (uint32_t i = 0; !rc && i < nodes->count; i++) {
		rc = inode_write(ext4, nodes, i);
		if (rc)
			return disk_fail(stage, rc, nodes->v[i].path);
	}
	if (!rc)
		rc = ext4_close(ext4, stage->host->option(stage, "label"));
	if (!rc)
		rc = disk_finish(disk);
	return rc ? disk_fail(stage, rc, NULL) : 0;
}

static int
make_disk(struct msmv_stage *stage, const struct nodes *nodes, uint64_t size)
{
	const struct msmv_host *host = stage->host;
	const struct disk_format *format =
		disk_format_find(host->option(stage, "format"));
	struct ext4 ext4 = { .stage = stage,
		.epoch = host->epoch(stage),
		.journal = host->option_int(stage, "journal") != 0,
		.total = nodes->bytes };
	struct disk disk;
	int rc = disk_open(&disk, format, host->output_path(stage, "disk"), size);

	rc = rc ? disk_fail(stage, rc, NULL) : fill_disk(&ext4, &disk, nodes);
	ext4_release(&ext4);
	disk_release(&disk);
	if (rc)
		return -1;
	host->note(stage, "ext4, %u files and folders, %llu MiB", nodes->count - 1,
		(unsigned long long)size >> 20);
	return host->output_name(stage, "disk", format->filename);
}

static int
disk_run(struct msmv_stage *stage)
{
	struct nodes nodes = { 0 };
	uint64_t size;
	int rc = nodes_load(&nodes, stage);

	if (!rc) {
		size = room_size(stage, &nodes);
		rc = size ? make_disk(stage, &nodes, size) : -1;
	}
	nodes_release(&nodes, stage);
	return rc;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "qcow2",
	.version = "1",
	.summary = "puts file trees on a disk image with an ext4 file system",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.check = disk_check,
	.facts = disk_facts,
	.run = disk_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}

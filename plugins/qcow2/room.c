/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The file system's own tables depend on its size, so libext2fs is asked what
 * is left of a size, on a disk that forgets, until enough is left. What the
 * files need is counted from above without reading them; only where that does
 * not fit the size asked for are they read, to see which blocks are zero.
 */
#include "room.h"

#include <string.h>
#include <sys/stat.h>

#include "dir.h"
#include "ext4.h"
#include "inode.h"

#define INODE_RATIO 16384 /* bytes of disk per inode, as mke2fs has it */
#define SPARE_INODES 128
#define INODE_EXTENTS 4  /* fit in the inode */
#define LEAF_EXTENTS 160 /* in a block of them, half full */
#define GROUP_BLOCKS 32768
#define MIB ((uint64_t)1 << 20)

uint32_t
room_inodes(const struct nodes *nodes, uint64_t size)
{
	uint64_t least = (uint64_t)nodes->inodes + NODES_FIRST_INO + SPARE_INODES;
	uint64_t ratio = size / INODE_RATIO;

	return (uint32_t)(ratio > least ? ratio : least);
}

static uint64_t
map_blocks(uint64_t extents)
{
	return extents <= INODE_EXTENTS ? 0 : extents / LEAF_EXTENTS + 2;
}

/* Blocks and runs of blocks that are not zero; 0, or -1 (recorded). */
static int
scan_file(struct msmv_stage *stage, const struct node *node, uint64_t *blocks,
	uint64_t *runs)
{
	static unsigned char buf[256 * EXT4_BLOCK];
	int in_run = 0;

	*blocks = *runs = 0;
	for (uint64_t done = 0; done < node->size; done += sizeof(buf)) {
		uint64_t left = node->size - done;
		size_t n = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		int rc = file_read(node->fd, buf, n, node->offset + done);

		if (rc)
			return stage->host->fail(stage, MSMV_FAIL_INPUT,
				"cannot read the data of /%s: %s", node->path,
				strerror(rc));
		for (size_t at = 0; at < n; at += EXT4_BLOCK) {
			size_t part = n - at < EXT4_BLOCK ? n - at : EXT4_BLOCK;
			int full = !is_zero(buf + at, part);

			*blocks += (uint64_t)full;
			*runs += full && !in_run;
			in_run = full;
		}
	}
	return 0;
}

/* Blocks that the nodes take; exact: zeros are looked for. 0 after a failure. */
static uint64_t
blocks_needed(struct msmv_stage *stage, const struct nodes *nodes, int exact)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->v[i];
		uint64_t blocks = 0, runs = 1;

		if (S_ISDIR(node->mode))
			blocks = dir_blocks(nodes, i);
		else if (S_ISLNK(node->mode))
			blocks = strlen(node->target) > INODE_FAST_LINK;
		else if (S_ISREG(node->mode) && !exact)
			blocks = (node->size + EXT4_BLOCK - 1) >> EXT4_BLOCK_BITS;
		else if (S_ISREG(node->mode) && scan_file(stage, node, &blocks, &runs))
			return 0;
		sum += blocks + map_blocks(runs + 2 * (blocks / GROUP_BLOCKS));
	}
	return sum;
}

/* Blocks that an empty file system of that size has free; 0 if it cannot be so small. */
static uint64_t
blocks_free(struct msmv_stage *stage, const struct nodes *nodes, uint64_t size)
{
	struct ext4 ext4 = { .stage = stage,
		.epoch = 1,
		.journal = stage->host->option_int(stage, "journal") != 0 };
	struct disk disk;
	uint64_t blocks = 0;

	if (!disk_open(&disk, &format_none, NULL, size) &&
		!ext4_make(&ext4, &disk, room_inodes(nodes, size)))
		blocks = ext2fs_free_blocks_count(ext4.fs->super);
	ext4_release(&ext4);
	disk_release(&disk);
	return blocks;
}

static uint64_t
round_up(uint64_t size, uint64_t unit)
{
	return (size + unit - 1) / unit * unit;
}

/* From size on, in steps of unit, the first that has so many blocks free. */
static uint64_t
grow_until(struct msmv_stage *stage, const struct nodes *nodes, uint64_t size,
	uint64_t needed, uint64_t unit)
{
	uint64_t has;

	while ((has = blocks_free(stage, nodes, size)) < needed)
		size = round_up(size + ((needed - has) << EXT4_BLOCK_BITS), unit);
	return size;
}

uint64_t
room_size(struct msmv_stage *stage, const struct nodes *nodes)
{
	const struct msmv_host *host = stage->host;
	uint64_t needed = blocks_needed(stage, nodes, 0), size, least;

	if (!host->option_count(stage, "size"))
		return grow_until(stage, nodes, ROOM_LEAST, needed + needed / 4, MIB);
	size = round_up((uint64_t)host->option_int(stage, "size"), DISK_CLUSTER);
	if (blocks_free(stage, nodes, size) >= needed)
		return size;
	needed = blocks_needed(stage, nodes, 1);
	if (!needed)
		return 0;
	least = grow_until(stage, nodes, size, needed, DISK_CLUSTER);
	if (least == size)
		return size;
	host->fail(stage, MSMV_FAIL_RECIPE,
		"the files do not fit: size is %llu KiB and they need %llu KiB; set "
		"size = \"%lluK\" or more, or leave size out",
		(unsigned long long)size >> 10, (unsigned long long)least >> 10,
		(unsigned long long)least >> 10);
	return 0;
}

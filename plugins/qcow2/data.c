/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Blocks are taken one after the other from an empty disk, so most files are
 * one extent. An extent enters the inode's map once it can grow no more.
 */
#include "data.h"

#define EXTENT_MAX 32768 /* blocks */

errcode_t
data_open(struct data *data, struct ext4 *ext4, ext2_ino_t ino, struct ext2_inode *inode)
{
	*data = (struct data){ .ext4 = ext4, .inode = inode };
	return ext2fs_extent_open2(ext4->fs, ino, inode, &data->extents);
}

static errcode_t
extent_flush(struct data *data)
{
	struct ext2fs_extent extent = data->extent;

	data->extent.e_len = 0;
	if (!extent.e_len)
		return 0;
	return ext2fs_extent_insert(data->extents, EXT2_EXTENT_INSERT_AFTER, &extent);
}

/* Puts len blocks from pblk on at the file's end. */
static errcode_t
extent_add(struct data *data, blk64_t pblk, blk64_t len)
{
	struct ext2fs_extent *e = &data->extent;
	errcode_t rc;

	if (e->e_len && e->e_pblk + e->e_len == pblk &&
		e->e_lblk + e->e_len == data->next && e->e_len + len <= EXTENT_MAX) {
		e->e_len += (__u32)len;
		return 0;
	}
	rc = extent_flush(data);
	*e = (struct ext2fs_extent){
		.e_pblk = pblk, .e_lblk = data->next, .e_len = (__u32)len
	};
	return rc;
}

/* Writes blocks that are not zero to wherever there is room. */
static errcode_t
run_add(struct data *data, const unsigned char *blocks, size_t count)
{
	struct ext4 *ext4 = data->ext4;
	errcode_t rc = 0;

	while (!rc && count) {
		blk64_t pblk, len;

		rc = ext2fs_new_range(ext4->fs, 0, ext4->goal, count, NULL, &pblk, &len);
		if (rc)
			return rc;
		ext2fs_block_alloc_stats_range(ext4->fs, pblk, (blk_t)len, +1);
		ext4->goal = pblk + len;
		rc = ext2fs_iblk_add_blocks(ext4->fs, data->inode, len);
		if (!rc)
			rc = extent_add(data, pblk, len);
		if (!rc)
			rc = io_channel_write_blk64(ext4->fs->io, pblk, (int)len, blocks);
		data->next += len;
		blocks += len << EXT4_BLOCK_BITS;
		count -= (size_t)len;
	}
	return rc;
}

errcode_t
data_add(struct data *data, const unsigned char *blocks, size_t count)
{
	errcode_t rc = 0;

	for (size_t i = 0, run; !rc && i < count; i += run) {
		const unsigned char *p = blocks + (i << EXT4_BLOCK_BITS);
		int hole = is_zero(p, EXT4_BLOCK);

		for (run = 1; i + run < count; run++)
			if (is_zero(p + (run << EXT4_BLOCK_BITS), EXT4_BLOCK) != hole)
				break;
		if (hole) {
			data->next += run;
			continue;
		}
		rc = run_add(data, p, run);
	}
	return rc;
}

errcode_t
data_close(struct data *data, errcode_t rc)
{
	if (!rc)
		rc = extent_flush(data);
	if (data->extents)
		ext2fs_extent_free(data->extents);
	data->extents = NULL;
	return rc;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Makes the file system through libext2fs rather than mke2fs, whose identifiers
 * and times are those of the moment. Features are what every ext4 driver since
 * Linux 2.6.28 mounts. There are no checksums: the image is covered by its
 * digest, and a small guest starts faster without.
 */
#include "ext4.h"

#include <string.h>

#define INODE_SIZE 256
#define GROUPS_PER_FLEX_BITS 4
#define JOURNAL_LEAST 1024 /* blocks: JBD2 takes no fewer */

static void
ext4_params(struct ext2_super_block *p, uint64_t size, uint32_t inodes)
{
	memset(p, 0, sizeof(*p));
	ext2fs_blocks_count_set(p, size >> EXT4_BLOCK_BITS);
	p->s_log_block_size = EXT4_BLOCK_BITS - EXT2_MIN_BLOCK_LOG_SIZE;
	p->s_log_cluster_size = p->s_log_block_size;
	p->s_rev_level = EXT2_DYNAMIC_REV;
	p->s_inode_size = INODE_SIZE;
	p->s_inodes_count = inodes;
	p->s_log_groups_per_flex = GROUPS_PER_FLEX_BITS;
	p->s_feature_compat = EXT2_FEATURE_COMPAT_EXT_ATTR |
			      EXT2_FEATURE_COMPAT_DIR_INDEX |
			      EXT2_FEATURE_COMPAT_RESIZE_INODE;
	p->s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE |
				EXT3_FEATURE_INCOMPAT_EXTENTS |
				EXT4_FEATURE_INCOMPAT_FLEX_BG;
	p->s_feature_ro_compat =
		EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE |
		EXT4_FEATURE_RO_COMPAT_DIR_NLINK | EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE;
}

static void
ext4_defaults(struct ext2_super_block *s)
{
	s->s_creator_os = EXT2_OS_LINUX;
	s->s_errors = EXT2_ERRORS_DEFAULT;
	s->s_max_mnt_count = -1;
	s->s_default_mount_opts = EXT2_DEFM_XATTR_USER | EXT2_DEFM_ACL;
	s->s_def_hash_version = EXT2_HASH_HALF_MD4;
	s->s_flags |= EXT2_FLAGS_SIGNED_HASH;
	s->s_min_extra_isize = sizeof(struct ext2_inode_large) - EXT2_GOOD_OLD_INODE_SIZE;
	s->s_want_extra_isize = s->s_min_extra_isize;
}

static void
reserve_inodes(ext2_filsys fs)
{
	for (ext2_ino_t i = 1; i < EXT2_FIRST_INODE(fs->super); i++)
		ext2fs_inode_alloc_stats2(fs, i, +1, i == EXT2_ROOT_INO);
	ext2fs_mark_ib_dirty(fs);
}

static errcode_t
add_journal(ext2_filsys fs)
{
	int blocks = ext2fs_default_journal_size(ext2fs_blocks_count(fs->super));

	if (blocks <= 0)
		blocks = JOURNAL_LEAST;
	return ext2fs_add_journal_inode(fs, (blk_t)blocks, 0);
}

errcode_t
ext4_make(struct ext4 *ext4, struct disk *disk, uint32_t inodes)
{
	struct ext2_super_block params;
	errcode_t rc;

	ext4_params(&params, disk->size, inodes);
	rc = ext2fs_initialize(
		"disk", EXT2_FLAG_64BITS, &params, disk_io(disk), &ext4->fs);
	if (rc)
		return rc;
	ext4->fs->now = (time_t)ext4->epoch;
	ext4_defaults(ext4->fs->super);
	rc = ext2fs_allocate_tables(ext4->fs);
	if (rc)
		return rc;
	reserve_inodes(ext4->fs);
	rc = ext2fs_create_resize_inode(ext4->fs);
	if (!rc && ext4->journal)
		rc = add_journal(ext4->fs);
	return rc;
}

/* UUID version 8: bytes of our own making. */
static void
uuid_from(void *uuid, const unsigned char *stamp, unsigned char salt)
{
	unsigned char *u = uuid;

	for (int i = 0; i < STAMP_SIZE; i++)
		u[i] = stamp[i] ^ salt;
	u[6] = (unsigned char)((u[6] & 0x0f) | 0x80);
	u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
}

static errcode_t
ext4_name(struct ext4 *ext4, const char *label)
{
	struct ext2_super_block *s = ext4->fs->super;
	unsigned char stamp[STAMP_SIZE];
	errcode_t rc;

	if (label)
		memcpy(s->s_volume_name, label, strnlen(label, EXT2_LABEL_LEN));
	rc = stamp_make(ext4->stage, label, stamp);
	if (rc)
		return rc;
	uuid_from(s->s_uuid, stamp, 0);
	uuid_from(s->s_hash_seed, stamp, 0xff);
	return 0;
}

errcode_t
ext4_close(struct ext4 *ext4, const char *label)
{
	struct ext2_super_block *s = ext4->fs->super;
	errcode_t rc = ext4_name(ext4, label);

	if (rc)
		return rc;
	s->s_mkfs_time = s->s_wtime = s->s_lastcheck = (uint32_t)ext4->epoch;
	s->s_mkfs_time_hi = s->s_wtime_hi = s->s_lastcheck_hi =
		(uint8_t)((uint64_t)ext4->epoch >> 32);
	ext2fs_mark_super_dirty(ext4->fs);
	rc = ext2fs_close(ext4->fs);
	if (!rc)
		ext4->fs = NULL;
	return rc;
}

void
ext4_release(struct ext4 *ext4)
{
	if (ext4->fs)
		ext2fs_free(ext4->fs);
}

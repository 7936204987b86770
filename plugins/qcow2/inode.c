/* SPDX-License-Identifier: GPL-3.0-only */
/* Owners, modes, device numbers and times exactly as the tree and the epoch say. */
#include "inode.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "data.h"
#include "dir.h"

#define CHUNK ((size_t)1 << 20) /* read at once: a multiple of the block size */

static errcode_t
put_block(void *arg, const unsigned char *block)
{
	return data_add(arg, block, 1);
}

static errcode_t
write_folder(struct ext4 *ext4, const struct nodes *nodes, uint32_t at,
	struct ext2_inode *inode)
{
	struct data data;
	errcode_t rc = data_open(&data, ext4, nodes->v[at].ino, inode);

	if (!rc)
		rc = dir_build(nodes, at, put_block, &data);
	inode->i_size = (__u32)data.next << EXT4_BLOCK_BITS;
	return data_close(&data, rc);
}

/* The kernel keeps a short target in the inode, where other inodes have their map. */
static errcode_t
write_symlink(struct ext4 *ext4, const struct nodes *nodes, uint32_t at,
	struct ext2_inode *inode)
{
	static unsigned char block[EXT4_BLOCK];
	const char *target = nodes->v[at].target;
	size_t len = strlen(target);
	struct data data;
	errcode_t rc;

	inode->i_size = (__u32)len;
	if (len <= INODE_FAST_LINK) {
		memcpy(inode->i_block, target, len);
		return 0;
	}
	memset(block, 0, sizeof(block));
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): as the file system has it */
	memcpy(block, target, len);
	rc = data_open(&data, ext4, nodes->v[at].ino, inode);
	if (!rc)
		rc = data_add(&data, block, 1);
	return data_close(&data, rc);
}

static errcode_t
write_device(struct ext4 *ext4, const struct nodes *nodes, uint32_t at,
	struct ext2_inode *inode)
{
	uint32_t major = nodes->v[at].major, minor = nodes->v[at].minor;

	(void)ext4;
	if (major < 256 && minor < 256)
		inode->i_block[0] = major << 8 | minor;
	else
		inode->i_block[1] = (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
	return 0;
}

static errcode_t
write_nothing(struct ext4 *ext4, const struct nodes *nodes, uint32_t at,
	struct ext2_inode *inode)
{
	(void)ext4;
	(void)nodes;
	(void)at;
	(void)inode;
	return 0;
}

static errcode_t
copy_data(struct ext4 *ext4, const struct node *node, struct data *data)
{
	static unsigned char buf[CHUNK];
	const struct msmv_host *host = ext4->stage->host;
	errcode_t rc = 0;

	for (uint64_t done = 0; !rc && done < node->size;) {
		size_t n =
			node->size - done < CHUNK ? (size_t)(node->size - done) : CHUNK;
		size_t blocks = (n + EXT4_BLOCK - 1) >> EXT4_BLOCK_BITS;

		if (host->cancelled(ext4->stage))
			return EINTR;
		rc = file_read(node->fd, buf, n, node->offset + done);
		memset(buf + n, 0, (blocks << EXT4_BLOCK_BITS) - n);
		if (!rc)
			rc = data_add(data, buf, blocks);
		done += n;
		ext4->bytes += n;
		host->progress(ext4->stage, ext4->bytes, ext4->total, NULL);
	}
	return rc;
}

static errcode_t
write_file(struct ext4 *ext4, const struct nodes *nodes, uint32_t at,
	struct ext2_inode *inode)
{
	const struct node *node = &nodes->v[at];
	struct data data;
	errcode_t rc;

	inode->i_size = (__u32)node->size;
	inode->i_size_high = (__u32)(node->size >> 32);
	rc = data_open(&data, ext4, node->ino, inode);
	if (!rc)
		rc = copy_data(ext4, node, &data);
	return data_close(&data, rc);
}

static const struct {
	uint32_t type;
	errcode_t (*write)(
		struct ext4 *, const struct nodes *, uint32_t at, struct ext2_inode *);
} writers[] = {
	{ S_IFREG, write_file },
	{ S_IFDIR, write_folder },
	{ S_IFLNK, write_symlink },
	{ S_IFCHR, write_device },
	{ S_IFBLK, write_device },
	{ S_IFIFO, write_nothing },
	{ S_IFSOCK, write_nothing },
};

static uint16_t
link_count(const struct node *node)
{
	const uint32_t most = 65000; /* a folder with more folders in it counts as 1 */

	return (uint16_t)(node->nlink > most ? 1 : node->nlink);
}

static void
set_times(struct ext2_inode_large *inode, int64_t epoch)
{
	uint32_t low = (uint32_t)epoch;
	uint32_t extra = (uint32_t)(((uint64_t)(epoch - (int32_t)epoch) >> 32) & 3);

	inode->i_extra_isize = sizeof(*inode) - EXT2_GOOD_OLD_INODE_SIZE;
	inode->i_atime = inode->i_ctime = inode->i_mtime = inode->i_crtime = low;
	inode->i_atime_extra = inode->i_ctime_extra = inode->i_mtime_extra = extra;
	inode->i_crtime_extra = extra;
}

errcode_t
inode_write(struct ext4 *ext4, const struct nodes *nodes, uint32_t at)
{
	const struct node *node = &nodes->v[at];
	union {
		struct ext2_inode_large large;
		struct ext2_inode small;
	} inode = { .large = { .i_mode = (__u16)node->mode } };
	errcode_t rc = EINVAL;

	if (node_is_hard_link(node))
		return 0;
	inode.large.i_links_count = link_count(node);
	inode.large.i_uid = (__u16)node->uid;
	inode.large.i_uid_high = (__u16)(node->uid >> 16);
	inode.large.i_gid = (__u16)node->gid;
	inode.large.i_gid_high = (__u16)(node->gid >> 16);
	set_times(&inode.large, ext4->epoch);
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if ((node->mode & S_IFMT) == writers[i].type)
			rc = writers[i].write(ext4, nodes, at, &inode.small);
	if (rc)
		return rc;
	if (node->ino >= NODES_FIRST_INO)
		ext2fs_inode_alloc_stats2(ext4->fs, node->ino, +1, S_ISDIR(node->mode));
	return ext2fs_write_inode_full(ext4->fs, node->ino, &inode.small, sizeof(inode));
}

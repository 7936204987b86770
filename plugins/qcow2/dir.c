/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Folders are written whole, as their members are known: adding names one by
 * one would search the folder for room each time. A record's length leads to
 * the next one, and the last of a block reaches to its end:
 *
 *   inode 4 | record length 2 | name length 1 | type 1 | name, padded to 4
 */
#include "dir.h"

#include <string.h>
#include <sys/stat.h>

#include <ext2fs/ext2_fs.h>

#define DIR_BLOCK 4096
#define DIR_HEAD 8
#define LOST_FOUND_BLOCKS 4 /* room for names when there is none left to allocate */

struct dir {
	unsigned char block[DIR_BLOCK];
	size_t used; /* bytes of block */
	size_t last; /* where its last record starts */
	uint32_t blocks;
	dir_emit emit;
	void *arg;
};

static void
le16_put(unsigned char *p, size_t v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
}

static void
le32_put(unsigned char *p, uint32_t v)
{
	le16_put(p, v & 0xffff);
	le16_put(p + 2, v >> 16);
}

static unsigned char
file_type(uint32_t mode)
{
	static const struct {
		uint32_t mode;
		unsigned char type;
	} types[] = {
		{ S_IFREG, EXT2_FT_REG_FILE },
		{ S_IFDIR, EXT2_FT_DIR },
		{ S_IFCHR, EXT2_FT_CHRDEV },
		{ S_IFBLK, EXT2_FT_BLKDEV },
		{ S_IFIFO, EXT2_FT_FIFO },
		{ S_IFSOCK, EXT2_FT_SOCK },
		{ S_IFLNK, EXT2_FT_SYMLINK },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & S_IFMT) == types[i].mode)
			return types[i].type;
	return EXT2_FT_UNKNOWN;
}

static long
dir_flush(struct dir *dir)
{
	long rc = 0;

	le16_put(dir->block + dir->last + 4, DIR_BLOCK - dir->last);
	if (dir->emit)
		rc = dir->emit(dir->arg, dir->block);
	memset(dir->block, 0, sizeof(dir->block));
	dir->used = dir->last = 0;
	dir->blocks++;
	return rc;
}

static long
dir_put(struct dir *dir, uint32_t ino, uint32_t mode, const char *name)
{
	size_t len = strlen(name), size = (DIR_HEAD + len + 3) & ~(size_t)3;
	unsigned char *p;
	long rc = 0;

	if (dir->used + size > DIR_BLOCK)
		rc = dir_flush(dir);
	p = dir->block + dir->used;
	le32_put(p, ino);
	le16_put(p + 4, size);
	p[6] = (unsigned char)len;
	p[7] = file_type(mode);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): as the file system has it */
	memcpy(p + DIR_HEAD, name, len);
	dir->last = dir->used;
	dir->used += size;
	return rc;
}

long
dir_build(const struct nodes *nodes, uint32_t at, dir_emit emit, void *arg)
{
	const struct node *node = &nodes->v[at];
	struct dir dir = { .emit = emit, .arg = arg };
	long rc = dir_put(&dir, node->ino, S_IFDIR, ".");

	if (!rc)
		rc = dir_put(&dir, nodes->v[node->parent].ino, S_IFDIR, "..");
	for (uint32_t i = node->child; i && !rc; i = nodes->v[i].next)
		rc = dir_put(&dir, nodes->v[i].ino, nodes->v[i].mode, nodes->v[i].name);
	if (!rc)
		rc = dir_flush(&dir);
	while (!rc && !strcmp(node->path, "lost+found") && dir.blocks < LOST_FOUND_BLOCKS)
		rc = dir_flush(&dir);
	return rc;
}

static long
count_block(void *arg, const unsigned char *block)
{
	(void)block;
	++*(uint32_t *)arg;
	return 0;
}

uint32_t
dir_blocks(const struct nodes *nodes, uint32_t at)
{
	uint32_t blocks = 0;

	dir_build(nodes, at, count_block, &blocks);
	return blocks;
}

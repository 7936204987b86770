/* SPDX-License-Identifier: GPL-3.0-only */
/* libext2fs reads and writes through a table of functions: here it meets the disk. */
#include "disk.h"

#include <errno.h>
#include <stdlib.h>

#include <ext2fs/ext2fs.h>

static struct disk
	*the_disk; /* of the next open: the table's open has no argument for it */

static errcode_t
io_open(const char *name, int flags, io_channel *out)
{
	io_channel io = calloc(1, sizeof(*io));

	(void)name;
	(void)flags;
	if (!io)
		return ENOMEM;
	io->magic = EXT2_ET_MAGIC_IO_CHANNEL;
	io->manager = disk_io(the_disk);
	io->block_size = 1024;
	io->refcount = 1;
	io->private_data = the_disk;
	*out = io;
	return 0;
}

static errcode_t
io_close(io_channel io)
{
	if (--io->refcount <= 0)
		free(io);
	return 0;
}

static errcode_t
io_set_blksize(io_channel io, int size)
{
	io->block_size = size;
	return 0;
}

/* A negative count is a number of bytes. */
static size_t
io_size(io_channel io, int count)
{
	return count < 0 ? (size_t)-count : (size_t)count * (size_t)io->block_size;
}

static errcode_t
io_read64(io_channel io, unsigned long long block, int count, void *data)
{
	return disk_read(io->private_data, block * (uint64_t)io->block_size, data,
		io_size(io, count));
}

static errcode_t
io_write64(io_channel io, unsigned long long block, int count, const void *data)
{
	return disk_write(io->private_data, block * (uint64_t)io->block_size, data,
		io_size(io, count));
}

static errcode_t
io_read(io_channel io, unsigned long block, int count, void *data)
{
	return io_read64(io, block, count, data);
}

static errcode_t
io_write(io_channel io, unsigned long block, int count, const void *data)
{
	return io_write64(io, block, count, data);
}

static errcode_t
io_write_byte(io_channel io, unsigned long offset, int count, const void *data)
{
	return disk_write(io->private_data, offset, data, (size_t)count);
}

/* disk_finish writes what is cached. */
static errcode_t
io_flush(io_channel io)
{
	(void)io;
	return 0;
}

io_manager
disk_io(struct disk *disk)
{
	static struct struct_io_manager manager = {
		.magic = EXT2_ET_MAGIC_IO_MANAGER,
		.name = "msmv disk",
		.open = io_open,
		.close = io_close,
		.set_blksize = io_set_blksize,
		.read_blk = io_read,
		.write_blk = io_write,
		.flush = io_flush,
		.write_byte = io_write_byte,
		.read_blk64 = io_read64,
		.write_blk64 = io_write64,
	};

	the_disk = disk;
	return &manager;
}

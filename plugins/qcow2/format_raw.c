/* SPDX-License-Identifier: GPL-3.0-only */
/* The disk byte for byte; what is zero stays a hole in the file. */
#include "disk.h"

#include <errno.h>
#include <unistd.h>

static int
raw_open(struct disk *disk)
{
	return ftruncate(disk->fd, (off_t)disk->size) ? errno : 0;
}

static int
raw_read(struct disk *disk, uint64_t cluster, void *data)
{
	return file_read(disk->fd, data, DISK_CLUSTER, cluster * DISK_CLUSTER);
}

static int
raw_write(struct disk *disk, uint64_t cluster, const void *data)
{
	if (is_zero(data, DISK_CLUSTER)) {
		static unsigned char old[DISK_CLUSTER];
		int rc = raw_read(disk, cluster, old);

		if (rc || is_zero(old, DISK_CLUSTER))
			return rc;
	}
	return file_write(disk->fd, data, DISK_CLUSTER, cluster * DISK_CLUSTER);
}

static int
raw_finish(struct disk *disk)
{
	(void)disk;
	return 0;
}

const struct disk_format format_raw = {
	.name = "raw",
	.filename = "disk.raw",
	.open = raw_open,
	.read = raw_read,
	.write = raw_write,
	.finish = raw_finish,
};

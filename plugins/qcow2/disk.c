/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Small writes of a file system meet in a cache of whole clusters, so that the
 * formats below see each cluster about once. A cluster has one possible slot:
 * streams of data pass through while tables stay.
 */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
is_zero(const void *data, size_t size)
{
	const unsigned char *p = data;

	return !size || (!p[0] && !memcmp(p, p + 1, size - 1));
}

int
file_read(int fd, void *data, size_t size, uint64_t offset)
{
	unsigned char *p = data;

	while (size) {
		ssize_t n = pread(fd, p, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return EIO; /* the file ends too early */
		p += n;
		size -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

int
file_write(int fd, const void *data, size_t size, uint64_t offset)
{
	const unsigned char *p = data;

	while (size) {
		ssize_t n = pwrite(fd, p, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		p += n;
		size -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

static int
none_open(struct disk *disk)
{
	(void)disk;
	return 0;
}

static int
none_read(struct disk *disk, uint64_t cluster, void *data)
{
	(void)disk;
	(void)cluster;
	memset(data, 0, DISK_CLUSTER);
	return 0;
}

static int
none_write(struct disk *disk, uint64_t cluster, const void *data)
{
	(void)disk;
	(void)cluster;
	(void)data;
	return 0;
}

const struct disk_format format_none = {
	.name = "none",
	.open = none_open,
	.read = none_read,
	.write = none_write,
	.finish = none_open,
};

static const struct disk_format *const formats[] = {
	&format_qcow2,
	&format_qemu_image,
	&format_raw,
};

const struct disk_format *
disk_format_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

int
disk_open(struct disk *disk, const struct disk_format *format, const char *path,
	uint64_t size)
{
	*disk = (struct disk){ .format = format, .size = size, .fd = -1 };
	for (size_t i = 0; i < DISK_SLOTS; i++) {
		disk->slots[i].data = malloc(DISK_CLUSTER);
		if (!disk->slots[i].data)
			return ENOMEM;
	}
	if (path) {
		disk->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (disk->fd < 0)
			return errno;
	}
	return format->open(disk);
}

static int
slot_clean(struct disk *disk, struct disk_slot *slot)
{
	int rc = 0;

	if (slot->used && slot->dirty)
		rc = disk->format->write(disk, slot->cluster, slot->data);
	if (!rc)
		slot->dirty = 0;
	return rc;
}

/* Gives the cluster's slot; its data is read only if the caller wants any of it. */
static int
slot_take(struct disk *disk, uint64_t cluster, int want, struct disk_slot **out)
{
	struct disk_slot *slot = &disk->slots[cluster % DISK_SLOTS];
	int rc;

	*out = slot;
	if (slot->used && slot->cluster == cluster)
		return 0;
	rc = slot_clean(disk, slot);
	if (rc)
		return rc;
	slot->used = 0;
	if (want) {
		rc = disk->format->read(disk, cluster, slot->data);
		if (rc)
			return rc;
	}
	slot->cluster = cluster;
	slot->used = 1;
	return 0;
}

int
disk_read(struct disk *disk, uint64_t offset, void *data, size_t size)
{
	unsigned char *p = data;

	if (offset > disk->size || size > disk->size - offset)
		return EINVAL;
	while (size) {
		size_t at = offset % DISK_CLUSTER;
		size_t n = size < DISK_CLUSTER - at ? size : DISK_CLUSTER - at;
		struct disk_slot *slot;
		int rc = slot_take(disk, offset / DISK_CLUSTER, 1, &slot);

		if (rc)
			return rc;
		memcpy(p, slot->data + at, n);
		p += n;
		size -= n;
		offset += n;
	}
	return 0;
}

int
disk_write(struct disk *disk, uint64_t offset, const void *data, size_t size)
{
	const unsigned char *p = data;

	if (offset > disk->size || size > disk->size - offset)
		return ENOSPC;
	while (size) {
		size_t at = offset % DISK_CLUSTER;
		size_t n = size < DISK_CLUSTER - at ? size : DISK_CLUSTER - at;
		struct disk_slot *slot;
		int rc = slot_take(disk, offset / DISK_CLUSTER, n < DISK_CLUSTER, &slot);

		if (rc)
			return rc;
		memcpy(slot->data + at, p, n);
		slot->dirty = 1;
		p += n;
		size -= n;
		offset += n;
	}
	return 0;
}

int
disk_finish(struct disk *disk)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < DISK_SLOTS; i++)
		rc = slot_clean(disk, &disk->slots[i]);
	if (!rc)
		rc = disk->format->finish(disk);
	if (!rc && disk->fd >= 0) {
		rc = close(disk->fd) ? errno : 0;
		disk->fd = -1;
	}
	return rc;
}

void
disk_release(struct disk *disk)
{
	if (disk->format && disk->format->release)
		disk->format->release(disk);
	if (disk->format && disk->fd >= 0)
		close(disk->fd);
	for (size_t i = 0; i < DISK_SLOTS; i++)
		free(disk->slots[i].data);
	*disk = (struct disk){ .fd = -1 };
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The disk under the file system: an array of 64 KiB clusters with a small
 * write-back cache, kept in one of several file formats.
 */
#ifndef MSMV_QCOW2_DISK_H
#define MSMV_QCOW2_DISK_H

#include <stddef.h>
#include <stdint.h>

#include <et/com_err.h>
#include <ext2fs/ext2_io.h>

#define DISK_CLUSTER ((size_t)64 << 10)
#define DISK_SLOTS 64

struct disk;

/* How clusters lie in the file. All give 0 or an errno. */
struct disk_format {
	const char *name;     /* as the option says it */
	const char *filename; /* for a person */
	int (*open)(struct disk *);
	int (*read)(struct disk *, uint64_t cluster, void *data);
	int (*write)(struct disk *, uint64_t cluster, const void *data);
	int (*finish)(struct disk *);
	void (*release)(struct disk *);
};

/* format_none forgets what is written: it serves to try sizes out. */
extern const struct disk_format format_none, format_raw, format_qcow2, format_qemu_image;

struct disk_slot {
	uint64_t cluster;
	int used, dirty;
	unsigned char *data;
};

struct disk {
	const struct disk_format *format;
	uint64_t size; /* a multiple of DISK_CLUSTER */
	int fd;
	void *state; /* the format's */
	struct disk_slot slots[DISK_SLOTS];
};

/* The format of that name; NULL if there is none. */
const struct disk_format *disk_format_find(const char *name);

/* Starts a disk of zeros at path; 0 or an errno. */
int disk_open(struct disk *disk, const struct disk_format *format, const char *path,
	uint64_t size);
int disk_read(struct disk *disk, uint64_t offset, void *data, size_t size);
int disk_write(struct disk *disk, uint64_t offset, const void *data, size_t size);
/* Writes what is cached and completes the file. */
int disk_finish(struct disk *disk);
/* Frees what is left, at any point after disk_open. */
void disk_release(struct disk *disk);

/* Whether all bytes are zero. */
int is_zero(const void *data, size_t size);
/* pread and pwrite to the end; 0 or an errno. */
int file_read(int fd, void *data, size_t size, uint64_t offset);
int file_write(int fd, const void *data, size_t size, uint64_t offset);

/* disk_io.c: the disk as libext2fs sees it; returns the manager for this disk. */
io_manager disk_io(struct disk *disk);

#endif

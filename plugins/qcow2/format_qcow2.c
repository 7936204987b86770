/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * qcow2 version 3 in one go: a cluster gets its place at the end of the file
 * when it is first written, clusters of zeros get none, and all tables follow
 * the data once everything is known:
 *
 *   header | data ... | L2 tables | L1 table | refcount blocks | refcount table
 *
 * Every cluster of the file is used exactly once, so every refcount is 1. The
 * header comes last of all: without it the file is no image.
 */
#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tail.h"

#define QCOW_MAGIC 0x514649fbU
#define QCOW_VERSION 3
#define QCOW_HEADER 104
#define QCOW_CLUSTER_BITS 16
#define QCOW_REFCOUNT_ORDER 4 /* 2 to the 4: 16 bits each */
#define QCOW_COPIED (UINT64_C(1) << 63)
#define L2_ENTRIES (DISK_CLUSTER / 8)
#define REFCOUNTS (DISK_CLUSTER / 2)

struct qcow {
	uint64_t clusters; /* of the file, given out so far */
	struct tail *tail; /* where new clusters go */
	size_t l1_count;
	uint64_t **l2; /* per L1 entry: NULL, or the host offsets of its clusters */
};

static void
be32_put(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (24 - 8 * i));
}

static void
be64_put(unsigned char *p, uint64_t v)
{
	be32_put(p, (uint32_t)(v >> 32));
	be32_put(p + 4, (uint32_t)v);
}

static uint64_t
clusters_of(uint64_t bytes)
{
	return (bytes + DISK_CLUSTER - 1) / DISK_CLUSTER;
}

static int
qcow_open(struct disk *disk)
{
	struct qcow *q = calloc(1, sizeof(*q));

	if (!q)
		return ENOMEM;
	disk->state = q;
	q->clusters = 1; /* the header's */
	q->l1_count = (size_t)((clusters_of(disk->size) + L2_ENTRIES - 1) / L2_ENTRIES);
	q->l2 = calloc(q->l1_count, sizeof(*q->l2));
	q->tail = tail_new(disk->fd, DISK_CLUSTER);
	return q->l2 && q->tail ? 0 : ENOMEM;
}

static uint64_t
host_offset(const struct qcow *q, uint64_t cluster)
{
	const uint64_t *l2 = q->l2[cluster / L2_ENTRIES];

	return l2 ? l2[cluster % L2_ENTRIES] : 0;
}

static int
qcow_read(struct disk *disk, uint64_t cluster, void *data)
{
	struct qcow *q = disk->state;
	uint64_t at = host_offset(q, cluster);
	const unsigned char *tail = at ? tail_find(q->tail, at) : NULL;
	int rc = 0;

	if (tail) {
		memcpy(data, tail, DISK_CLUSTER);
	} else if (at) {
		rc = tail_wait(q->tail);
		if (!rc)
			rc = file_read(disk->fd, data, DISK_CLUSTER, at);
	} else {
		memset(data, 0, DISK_CLUSTER);
	}
	return rc;
}

/* Changes a cluster that has its place in the file. */
static int
qcow_rewrite(struct disk *disk, uint64_t at, const void *data)
{
	struct qcow *q = disk->state;
	unsigned char *tail = tail_find(q->tail, at);
	int rc = 0;

	if (tail)
		memcpy(tail, data, DISK_CLUSTER);
	else
		rc = tail_wait(q->tail);
	return rc || tail ? rc : file_write(disk->fd, data, DISK_CLUSTER, at);
}

static int
qcow_write(struct disk *disk, uint64_t cluster, const void *data)
{
	struct qcow *q = disk->state;
	uint64_t **l2 = &q->l2[cluster / L2_ENTRIES];
	uint64_t at = host_offset(q, cluster);

	if (at)
		return qcow_rewrite(disk, at, data);
	if (is_zero(data, DISK_CLUSTER))
		return 0;
	if (!*l2)
		*l2 = calloc(L2_ENTRIES, sizeof(**l2));
	if (!*l2)
		return ENOMEM;
	(*l2)[cluster % L2_ENTRIES] = q->clusters++ * DISK_CLUSTER;
	return tail_add(q->tail, data, DISK_CLUSTER);
}

/* Writes an array of 64-bit entries as whole clusters at the file's end. */
static int
put_table(struct disk *disk, const uint64_t *table, size_t count, uint64_t flag,
	uint64_t *at)
{
	struct qcow *q = disk->state;
	unsigned char buf[4096];
	int rc = 0;

	*at = q->clusters * DISK_CLUSTER;
	q->clusters += clusters_of((uint64_t)count * 8);
	for (size_t i = 0; !rc && i < count; i += sizeof(buf) / 8) {
		size_t n = count - i < sizeof(buf) / 8 ? count - i : sizeof(buf) / 8;

		for (size_t j = 0; j < n; j++)
			be64_put(buf + 8 * j, table[i + j] ? table[i + j] | flag : 0);
		rc = file_write(disk->fd, buf, 8 * n, *at + 8 * i);
	}
	return rc;
}

static int
put_l1(struct disk *disk, uint64_t *at)
{
	struct qcow *q = disk->state;
	uint64_t *l1 = calloc(q->l1_count, sizeof(*l1));
	int rc = l1 ? 0 : ENOMEM;

	for (size_t i = 0; !rc && i < q->l1_count; i++)
		if (q->l2[i])
			rc = put_table(disk, q->l2[i], L2_ENTRIES, QCOW_COPIED, &l1[i]);
	if (!rc)
		rc = put_table(disk, l1, q->l1_count, QCOW_COPIED, at);
	free(l1);
	return rc;
}

/* How many refcount blocks count all clusters, those of the counts included. */
static uint64_t
refcount_blocks(uint64_t clusters)
{
	uint64_t blocks = 0, total;

	do {
		total = clusters + blocks + clusters_of(blocks * 8);
		blocks = (total + REFCOUNTS - 1) / REFCOUNTS;
	} while (blocks * REFCOUNTS < clusters + blocks + clusters_of(blocks * 8));
	return blocks;
}

static int
put_refcounts(struct disk *disk, uint64_t *at, uint32_t *table_clusters)
{
	static unsigned char block[DISK_CLUSTER];
	struct qcow *q = disk->state;
	uint64_t blocks = refcount_blocks(q->clusters), first = q->clusters;
	uint64_t *table = calloc(blocks, sizeof(*table));
	uint64_t left;
	int rc = table ? 0 : ENOMEM;

	*table_clusters = (uint32_t)clusters_of(blocks * 8);
	left = first + blocks + *table_clusters;
	q->clusters += blocks;
	for (uint64_t i = 0; !rc && i < blocks; i++) {
		uint64_t n = left < REFCOUNTS ? left : REFCOUNTS;

		memset(block, 0, sizeof(block));
		for (uint64_t j = 0; j < n; j++)
			block[2 * j + 1] = 1;
		left -= n;
		table[i] = (first + i) * DISK_CLUSTER;
		rc = file_write(disk->fd, block, sizeof(block), table[i]);
	}
	if (!rc)
		rc = put_table(disk, table, (size_t)blocks, 0, at);
	free(table);
	return rc;
}

static int
put_header(struct disk *disk, uint64_t l1_at, uint64_t refcounts_at, uint32_t refcounts)
{
	const struct qcow *q = disk->state;
	unsigned char h[QCOW_HEADER + 8] = { 0 }; /* and an empty list of extensions */

	be32_put(h, QCOW_MAGIC);
	be32_put(h + 4, QCOW_VERSION);
	be32_put(h + 20, QCOW_CLUSTER_BITS);
	be64_put(h + 24, disk->size);
	be32_put(h + 36, (uint32_t)q->l1_count);
	be64_put(h + 40, l1_at);
	be64_put(h + 48, refcounts_at);
	be32_put(h + 56, refcounts);
	be32_put(h + 96, QCOW_REFCOUNT_ORDER);
	be32_put(h + 100, QCOW_HEADER);
	return file_write(disk->fd, h, sizeof(h), 0);
}

static int
qcow_finish(struct disk *disk)
{
	struct qcow *q = disk->state;
	uint64_t l1_at = 0, refcounts_at = 0;
	uint32_t refcounts = 0;
	int rc = tail_flush(q->tail);

	if (!rc)
		rc = put_l1(disk, &l1_at);
	if (!rc)
		rc = put_refcounts(disk, &refcounts_at, &refcounts);
	if (!rc && ftruncate(disk->fd, (off_t)(q->clusters * DISK_CLUSTER)))
		rc = errno;
	return rc ? rc : put_header(disk, l1_at, refcounts_at, refcounts);
}

static void
qcow_release(struct disk *disk)
{
	struct qcow *q = disk->state;

	if (!q)
		return;
	for (size_t i = 0; q->l2 && i < q->l1_count; i++)
		free(q->l2[i]);
	free(q->l2);
	if (q->tail)
		tail_free(q->tail);
	free(q);
}

#define QCOW_FORMAT(text) \
	{ \
		.name = (text), .filename = "disk.qcow2", .open = qcow_open, \
		.read = qcow_read, .write = qcow_write, .finish = qcow_finish, \
		.release = qcow_release \
	}

const struct disk_format format_qcow2 = QCOW_FORMAT("qcow2");
const struct disk_format format_qemu_image = QCOW_FORMAT("qemu_image");

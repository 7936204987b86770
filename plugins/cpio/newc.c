/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Writes newc ("070701") by itself, because cpio programs leak inode numbers,
 * times and the builder's identity, and need root for device nodes. Inode
 * numbers are a counter, every time is the epoch.
 *
 *   header 110 | name NUL | pad to 4 | data | pad to 4 | ... | TRAILER!!! | pad to 512
 */
#include "newc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NEWC_HEADER 110
#define NEWC_TRAILER "TRAILER!!!"
#define NEWC_BLOCK 512

struct header {
	uint32_t ino, mode, uid, gid, nlink, size, major, minor;
};

static size_t
pad_to(uint64_t size, size_t unit)
{
	return (size_t)((unit - size % unit) % unit);
}

static uint64_t
record_size(const char *path, uint64_t data)
{
	uint64_t head = NEWC_HEADER + strlen(path) + 1;

	return head + pad_to(head, 4) + data + pad_to(data, 4);
}

static int
refuse(struct newc *newc, const struct msmv_entry *entry, const char *why)
{
	return newc->stage->host->fail(
		newc->stage, MSMV_FAIL_INPUT, "/%s: %s", entry->path, why);
}

/* What the kernel's unpacker would skip in silence is an error here. */
static const char *
entry_flaw(const struct msmv_entry *entry)
{
	if (strlen(entry->path) >= PATH_MAX)
		return "the name is longer than the 4095 bytes that the kernel reads";
	if (!strcmp(entry->path, NEWC_TRAILER))
		return "this name is cpio's end mark; call the file something else";
	if (S_ISREG(entry->mode) && entry->size > UINT32_MAX)
		return "4 GiB or more do not fit in a newc archive; put it on a disk "
		       "image";
	if (S_ISLNK(entry->mode) && (!entry->target || !*entry->target))
		return "the symbolic link has no target";
	if (S_ISLNK(entry->mode) && strlen(entry->target) >= PATH_MAX)
		return "the link's target is longer than the 4095 bytes that the kernel "
		       "reads";
	return NULL;
}

static int
is_hard_link(const struct msmv_entry *entry)
{
	return S_ISREG(entry->mode) && entry->target;
}

int
newc_measure(struct newc *newc, const struct msmv_entry *entry)
{
	const char *flaw = entry_flaw(entry);
	uint64_t data = 0;

	if (flaw)
		return refuse(newc, entry, flaw);
	if (is_hard_link(entry)) {
		if (links_count(&newc->links, entry->target))
			return refuse(newc, entry, "out of memory");
	} else if (S_ISREG(entry->mode)) {
		data = entry->size;
	} else if (S_ISLNK(entry->mode)) {
		data = strlen(entry->target);
	}
	newc->size += record_size(entry->path, data);
	if (++newc->entries == UINT32_MAX)
		return refuse(
			newc, entry, "the tree has more members than newc can number");
	return 0;
}

void
newc_measured(struct newc *newc)
{
	newc->size += record_size(NEWC_TRAILER, 0);
	newc->size += pad_to(newc->size, NEWC_BLOCK);
	links_sort(&newc->links);
}

int
newc_learn(struct newc *newc, const struct msmv_entry *entry)
{
	struct link_set *set = NULL;

	if (S_ISREG(entry->mode) && !entry->target)
		set = links_find(&newc->links, entry->path);
	if (set) {
		set->mode = entry->mode;
		set->uid = entry->uid;
		set->gid = entry->gid;
	}
	return 0;
}

static int
put_header(struct newc *newc, const struct header *h, uint32_t mtime, const char *path)
{
	char text[NEWC_HEADER + 1];
	size_t name = strlen(path) + 1;

	snprintf(text, sizeof(text),
		"070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", h->ino,
		h->mode, h->uid, h->gid, h->nlink, mtime, h->size, 0U, 0U, h->major,
		h->minor, (unsigned int)name, 0U);
	if (sink_put(newc->sink, text, NEWC_HEADER) || sink_put(newc->sink, path, name))
		return -1;
	return sink_zeros(newc->sink, pad_to(NEWC_HEADER + name, 4));
}

/* One of several names: all share the inode, the last one brings the data. */
static int
put_linked(struct newc *newc, const struct msmv_entry *entry, struct link_set *set)
{
	struct header h;

	if (!entry->target) {
		set->fd = entry->fd;
		set->offset = entry->offset;
		set->size = entry->size;
	}
	if (!set->ino)
		set->ino = ++newc->inodes;
	h = (struct header){ .ino = set->ino,
		.mode = set->mode,
		.uid = set->uid,
		.gid = set->gid,
		.nlink = set->names };
	if (++set->seen < set->names)
		return put_header(newc, &h, newc->mtime, entry->path);
	h.size = (uint32_t)set->size;
	if (put_header(newc, &h, newc->mtime, entry->path) ||
		sink_copy(newc->sink, set->fd, set->offset, set->size, entry->path))
		return -1;
	return sink_zeros(newc->sink, pad_to(set->size, 4));
}

static int
put_data(struct newc *newc, const struct msmv_entry *entry, uint32_t size)
{
	int rc = 0;

	if (S_ISLNK(entry->mode))
		rc = sink_put(newc->sink, entry->target, size);
	else if (S_ISREG(entry->mode))
		rc = sink_copy(newc->sink, entry->fd, entry->offset, size, entry->path);
	return rc ? rc : sink_zeros(newc->sink, pad_to(size, 4));
}

int
newc_add(struct newc *newc, const struct msmv_entry *entry)
{
	struct link_set *set = NULL;
	struct header h = { .mode = entry->mode, .uid = entry->uid, .gid = entry->gid };

	if (S_ISREG(entry->mode))
		set = links_find(
			&newc->links, entry->target ? entry->target : entry->path);
	if (set)
		return put_linked(newc, entry, set);
	h.ino = ++newc->inodes;
	h.nlink = S_ISDIR(entry->mode) ? 2 : 1;
	if (S_ISREG(entry->mode))
		h.size = (uint32_t)entry->size;
	else if (S_ISLNK(entry->mode))
		h.size = (uint32_t)strlen(entry->target);
	else if (S_ISCHR(entry->mode) || S_ISBLK(entry->mode))
		h.major = entry->major, h.minor = entry->minor;
	if (put_header(newc, &h, newc->mtime, entry->path))
		return -1;
	return put_data(newc, entry, h.size);
}

int
newc_close(struct newc *newc)
{
	const struct link_set *set = links_incomplete(&newc->links);
	const struct header h = { .nlink = 1 };
	uint64_t done;

	if (set)
		return newc->stage->host->fail(newc->stage, MSMV_FAIL_INPUT,
			"/%s: a hard link names this file, but the tree "
			"has no such file",
			set->first);
	if (put_header(newc, &h, 0, NEWC_TRAILER))
		return -1;
	done = newc->sink->taken + newc->sink->used;
	return sink_zeros(newc->sink, pad_to(done, NEWC_BLOCK));
}

void
newc_release(struct newc *newc)
{
	links_release(&newc->links);
}

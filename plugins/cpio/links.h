/* SPDX-License-Identifier: GPL-3.0-only */
/* The files of a tree that have more than one name. */
#ifndef MSMV_CPIO_LINKS_H
#define MSMV_CPIO_LINKS_H

#include <stddef.h>
#include <stdint.h>

/* One such file. */
struct link_set {
	char *first;    /* its first name */
	uint32_t names; /* how many there are */
	uint32_t seen;  /* how many were written */
	uint32_t ino;   /* 0: none yet */
	int fd;         /* where its data is: fd, offset, size */
	uint64_t offset, size;
	uint32_t mode, uid, gid;
};

struct links {
	struct link_set *sets;
	size_t count, room;
};

/* Counts one more name of the file first; -1 when out of memory. */
int links_count(struct links *links, const char *first);
/* Call once after counting: makes links_find work. */
void links_sort(struct links *links);
/* The file whose first name that is; NULL if it has no other names. */
struct link_set *links_find(const struct links *links, const char *first);
/* A file that lacks a name which was counted; NULL if all are complete. */
const struct link_set *links_incomplete(const struct links *links);
void links_release(struct links *links);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The members of the input trees, linked up as folders hold them. */
#ifndef MSMV_QCOW2_NODES_H
#define MSMV_QCOW2_NODES_H

#include <msmv/plugin.h>

struct node {
	char *path;       /* "" for the root folder */
	const char *name; /* last part of path */
	char *target;     /* of a symbolic or hard link, else NULL */
	uint32_t mode, uid, gid, major, minor;
	uint32_t nlink;
	uint32_t ino;      /* a hard link has its file's */
	uint64_t size;     /* of a file's data */
	uint64_t offset;   /* of it in fd */
	int fd;            /* valid while the tree is open */
	uint32_t parent;   /* these are places in the list */
	uint32_t child;    /* first in a folder; 0: none */
	uint32_t last;     /* last in a folder */
	uint32_t next;     /* in the same folder; 0: none */
	uint32_t children; /* how many */
};

struct nodes {
	struct node *v; /* v[0] is the root folder */
	uint32_t count, room;
	uint32_t sorted;        /* the first so many are sorted by path */
	uint32_t inodes;        /* in use, from NODES_FIRST_INO on, but for the root's */
	uint64_t bytes;         /* of all files */
	struct msmv_tree *tree; /* keeps the fds open */
};

#define NODES_ROOT_INO 2
#define NODES_FIRST_INO 11

/* Reads the port "root" to its end, and adds lost+found; 0, or -1 (recorded). */
int nodes_load(struct nodes *nodes, struct msmv_stage *stage);
/* Whether this node has an inode of its own. */
int node_is_hard_link(const struct node *node);
/* Closes the tree too. */
void nodes_release(struct nodes *nodes, struct msmv_stage *stage);

#endif

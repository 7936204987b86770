/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A folder's block lists all its members, and a file's inode counts all its
 * names: so the whole tree is known, without its data, before anything is
 * written. Inode numbers are given in order of path.
 */
#include "nodes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXT4_NAME_MAX 255
#define EXT4_LINK_MAX 65000
#define SYMLINK_MAX 4095

static int
refuse(struct msmv_stage *stage, const char *path, const char *why)
{
	return stage->host->fail(stage, MSMV_FAIL_INPUT, "/%s: %s", path, why);
}

int
node_is_hard_link(const struct node *node)
{
	return S_ISREG(node->mode) && node->target;
}

static struct node *
nodes_add(struct nodes *nodes, const char *path)
{
	struct node *node;
	const char *slash;

	if (nodes->count == nodes->room) {
		uint32_t room = nodes->room ? 2 * nodes->room : 256;
		void *grown = reallocarray(nodes->v, room, sizeof(*node));

		if (!grown)
			return NULL;
		nodes->v = grown;
		nodes->room = room;
	}
	node = &nodes->v[nodes->count];
	*node = (struct node){ .path = strdup(path), .fd = -1, .nlink = 1 };
	if (!node->path)
		return NULL;
	slash = strrchr(node->path, '/');
	node->name = slash ? slash + 1 : node->path;
	nodes->count++;
	return node;
}

/* The node whose path is the first len bytes of path; NULL if there is none. */
static struct node *
nodes_find(const struct nodes *nodes, const char *path, size_t len)
{
	uint32_t low = 0, high = nodes->sorted;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const char *other = nodes->v[mid].path;
		int cmp = strncmp(path, other, len);

		if (!cmp && !other[len])
			return &nodes->v[mid];
		if (cmp <= 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static int
nodes_attach(struct nodes *nodes, struct msmv_stage *stage, uint32_t at)
{
	struct node *node = &nodes->v[at], *parent;
	size_t len = (size_t)(node->name - node->path);

	parent = len ? nodes_find(nodes, node->path, len - 1) : &nodes->v[0];
	if (!parent || !S_ISDIR(parent->mode))
		return refuse(stage, node->path, "what should be its folder is none");
	node->parent = (uint32_t)(parent - nodes->v);
	if (parent->child)
		nodes->v[parent->last].next = at;
	else
		parent->child = at;
	parent->last = at;
	parent->children++;
	if (S_ISDIR(node->mode)) {
		node->nlink = 2;
		parent->nlink++;
	}
	return 0;
}

static const char *
entry_flaw(const struct msmv_entry *entry, const struct node *node)
{
	if (strlen(node->name) > EXT4_NAME_MAX)
		return "the name is longer than the 255 bytes that ext4 holds";
	if (!S_ISLNK(entry->mode))
		return NULL;
	if (!entry->target || !*entry->target)
		return "the symbolic link has no target";
	if (strlen(entry->target) > SYMLINK_MAX)
		return "the link's target is longer than the 4095 bytes that ext4 holds";
	return NULL;
}

static int
nodes_take(struct nodes *nodes, struct msmv_stage *stage, const struct msmv_entry *entry)
{
	struct node *node;
	const char *flaw;

	if (strcmp(entry->path, nodes->v[nodes->count - 1].path) <= 0)
		return refuse(stage, entry->path, "the tree is not sorted by path");
	node = nodes_add(nodes, entry->path);
	if (!node)
		return refuse(stage, entry->path, "out of memory");
	flaw = entry_flaw(entry, node);
	if (flaw)
		return refuse(stage, entry->path, flaw);
	node->mode = entry->mode;
	node->uid = entry->uid;
	node->gid = entry->gid;
	node->major = entry->major;
	node->minor = entry->minor;
	if (entry->target) {
		node->target = strdup(entry->target);
		if (!node->target)
			return refuse(stage, entry->path, "out of memory");
	} else if (S_ISREG(entry->mode)) {
		node->size = entry->size;
		node->offset = entry->offset;
		node->fd = entry->fd;
		nodes->bytes += entry->size;
	}
	nodes->sorted = nodes->count;
	return nodes_attach(nodes, stage, nodes->count - 1);
}

/* e2fsck wants it, and would make one at an awkward time. */
static int
add_lost_found(struct nodes *nodes, struct msmv_stage *stage)
{
	struct node *node = nodes_find(nodes, "lost+found", strlen("lost+found"));

	if (node)
		return S_ISDIR(node->mode) ? 0
					   : refuse(stage, node->path,
						     "ext4 keeps this name for a folder");
	node = nodes_add(nodes, "lost+found");
	if (!node)
		return refuse(stage, "lost+found", "out of memory");
	node->mode = S_IFDIR | 0700;
	return nodes_attach(nodes, stage, nodes->count - 1);
}

static int
resolve_links(struct nodes *nodes, struct msmv_stage *stage)
{
	for (uint32_t i = 1; i < nodes->count; i++) {
		struct node *node = &nodes->v[i], *file;

		if (!node_is_hard_link(node))
			continue;
		file = nodes_find(nodes, node->target, strlen(node->target));
		if (!file || !S_ISREG(file->mode) || file->target)
			return refuse(stage, node->path,
				"a hard link to a file that the tree does not have");
		if (++file->nlink > EXT4_LINK_MAX)
			return refuse(stage, file->path,
				"more than the 65000 names that ext4 allows a file");
		node->ino = file->ino;
	}
	return 0;
}

static void
number_inodes(struct nodes *nodes)
{
	nodes->v[0].ino = NODES_ROOT_INO;
	for (uint32_t i = 1; i < nodes->count; i++)
		if (!node_is_hard_link(&nodes->v[i]))
			nodes->v[i].ino = NODES_FIRST_INO + nodes->inodes++;
}

int
nodes_load(struct nodes *nodes, struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	struct msmv_entry entry = { .struct_size = sizeof(entry) };
	struct node *root = nodes_add(nodes, "");
	int rc;

	if (!root)
		return refuse(stage, "", "out of memory");
	root->mode = S_IFDIR | 0755;
	root->nlink = 2;
	nodes->tree = host->tree_open(stage, "root");
	if (!nodes->tree)
		return -1;
	while ((rc = host->tree_next(nodes->tree, &entry)) == 1)
		if (nodes_take(nodes, stage, &entry))
			return -1;
	if (rc || add_lost_found(nodes, stage))
		return -1;
	number_inodes(nodes);
	return resolve_links(nodes, stage);
}

void
nodes_release(struct nodes *nodes, struct msmv_stage *stage)
{
	if (nodes->tree)
		stage->host->tree_close(nodes->tree);
	for (uint32_t i = 0; i < nodes->count; i++) {
		free(nodes->v[i].path);
		free(nodes->v[i].target);
	}
	free(nodes->v);
}

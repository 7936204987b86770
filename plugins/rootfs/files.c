/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a recipe puts into the image by itself: files that lie beside it or are written
 * in it, links, folders and device nodes, with modes and owners. Each kind is a map
 * from paths in the guest; file_mode and file_owner say more of the same paths.
 */
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAJOR_MAX 4095 /* what Linux has room for in a device number */
#define MINOR_MAX 1048575

struct kind {
	const char *option;
	unsigned mode; /* type, and permissions unless file_mode says otherwise */
	int (*fill)(struct msmv_stage *, struct msmv_entry *, const char *value);
};

static int
source(struct msmv_stage *s, struct msmv_entry *e, const char *value)
{
	struct stat st;

	e->fd = open(value, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (e->fd < 0 || fstat(e->fd, &st) != 0)
		return s->host->fail(s, MSMV_FAIL_RECIPE, "files: /%s: cannot read %s: %s",
			e->path, value, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"files: /%s: %s is not a regular file", e->path, value);
	e->size = (uint64_t)st.st_size;
	return 0;
}

static int
text(struct msmv_stage *s, struct msmv_entry *e, const char *value)
{
	(void)s;
	e->data = value;
	e->size = strlen(value);
	return 0;
}

static int
link_to(struct msmv_stage *s, struct msmv_entry *e, const char *value)
{
	e->target = value;
	return value[0] != '\0' ? 0
				: s->host->fail(s, MSMV_FAIL_RECIPE,
					  "files: the link /%s has no target", e->path);
}

static int
folder(struct msmv_stage *s, struct msmv_entry *e, const char *value)
{
	return strcmp(value, "y") == 0
		       ? 0
		       : s->host->fail(s, MSMV_FAIL_RECIPE,
				 "files: /%s: write dir = true for a folder", e->path);
}

/* "c MAJOR MINOR", "b MAJOR MINOR" or "p". */
static int
node(struct msmv_stage *s, struct msmv_entry *e, const char *value)
{
	unsigned permissions = e->mode & 07777;
	char type, rest;

	if (strcmp(value, "p") == 0) {
		e->mode = S_IFIFO | permissions;
		return 0;
	}
	if (strlen(value) <= 16 &&
		sscanf(value, "%c %u %u%c", &type, &e->major, &e->minor, &rest) == 3 &&
		(type == 'c' || type == 'b') && e->major <= MAJOR_MAX &&
		e->minor <= MINOR_MAX && !strpbrk(value, "+-\n\t")) {
		e->mode = (type == 'c' ? S_IFCHR : S_IFBLK) | permissions;
		return 0;
	}
	return s->host->fail(s, MSMV_FAIL_RECIPE,
		"files: /%s: \"%s\" is no node; write \"c MAJOR MINOR\", \"b MAJOR "
		"MINOR\" or, for a pipe, \"p\"",
		e->path, value);
}

static const struct kind kinds[] = {
	{"file_source", S_IFREG | 0644, source},
	{"file_text", S_IFREG | 0644, text},
	{"file_link", S_IFLNK | 0777, link_to},
	{"file_dir", S_IFDIR | 0755, folder},
	{"file_node", S_IFCHR | 0600, node},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int
files_has(struct msmv_stage *s, const char *path)
{
	for (size_t k = 0; k < KINDS; k++)
		if (map_get(s, kinds[k].option, path))
			return 1;
	return 0;
}

/* Octal with 0 in front: a mode that lost its quotes is a decimal number by now. */
static int
mode(struct msmv_stage *s, struct msmv_entry *e, const char *path)
{
	const char *given = map_get(s, "file_mode", path);
	size_t n = given ? strspn(given, "01234567") : 0;

	if (!given)
		return 0;
	if (given[0] != '0' || n < 2 || n > 5 || given[n] != '\0' || S_ISLNK(e->mode))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"files: %s: \"%s\" is no mode for it; write it like mode = "
			"\"0755\", and none for a link",
			path, given);
	e->mode = (e->mode & S_IFMT) | (unsigned)strtoul(given, NULL, 8);
	return 0;
}

static int
file_write(struct msmv_stage *s, struct msmv_tree *tree, const struct kind *kind, size_t i)
{
	const char *path = s->host->option_key(s, kind->option, i);
	const char *owner = map_get(s, "file_owner", path);
	struct msmv_entry e = {.struct_size = sizeof(e), .mode = kind->mode, .fd = -1};
	int failed;

	if (!guest_path_is_right(path))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"files: \"%s\" is not an absolute path in the guest", path);
	for (const struct kind *k = kinds; k < kind; k++)
		if (map_get(s, k->option, path))
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"files: %s is two things: %s and %s", path,
				k->option + strlen("file_"),
				kind->option + strlen("file_"));
	e.path = path + 1;
	failed = mode(s, &e, path) != 0 ||
		 (owner && account_find(s, owner, &e.uid, &e.gid) != 0) ||
		 kind->fill(s, &e, s->host->option_at(s, kind->option, i)) != 0 ||
		 (tree && s->host->tree_add(tree, &e) != 0);
	if (e.fd >= 0)
		close(e.fd);
	return failed ? -1 : 0;
}

/* A mode of nothing is a mistyped path. */
static int
only_of_files(struct msmv_stage *s, const char *option)
{
	size_t n = s->host->option_count(s, option);

	for (size_t i = 0; i < n; i++) {
		const char *path = s->host->option_key(s, option, i);

		if (!files_has(s, path))
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"files: what is %s? It needs one of source, text, link, "
				"dir, node",
				path);
	}
	return 0;
}

int
files_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	if (only_of_files(s, "file_mode") != 0 || only_of_files(s, "file_owner") != 0)
		return -1;
	for (size_t k = 0; k < KINDS; k++) {
		size_t n = s->host->option_count(s, kinds[k].option);

		for (size_t i = 0; i < n; i++)
			if (file_write(s, tree, &kinds[k], i) != 0)
				return -1;
	}
	return 0;
}

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

#include "../problem/problem.h"

#define MAJOR_MAX 4095 /* what Linux has room for in a device number */
#define MINOR_MAX 1048575

struct kind {
	const char *option;
	unsigned mode; /* type, and permissions unless file_mode says otherwise */
	/* path as the recipe has it, with / in front */
	int (*fill)(struct msmv_stage *, struct msmv_entry *, const char *path,
		const char *value);
};

static int
source(struct msmv_stage *s, struct msmv_entry *e, const char *path, const char *value)
{
	struct stat st;

	e->fd = open(value, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (e->fd < 0 || fstat(e->fd, &st) != 0)
		return problem_at(s, "file_source", path, NULL, "%s: cannot read %s: %s", path,
			value, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return problem_at(s, "file_source", path, NULL,
			"%s: %s is not a regular file", path, value);
	e->size = (uint64_t)st.st_size;
	return 0;
}

static int
text(struct msmv_stage *s, struct msmv_entry *e, const char *path, const char *value)
{
	(void)s;
	(void)path;
	e->data = value;
	e->size = strlen(value);
	return 0;
}

static int
link_to(struct msmv_stage *s, struct msmv_entry *e, const char *path, const char *value)
{
	e->target = value;
	return value[0] != '\0' ? 0
				: problem_at(s, "file_link", path, NULL,
					  "%s: the link has no target", path);
}

static int
folder(struct msmv_stage *s, struct msmv_entry *e, const char *path, const char *value)
{
	(void)e;
	return strcmp(value, "y") == 0
		       ? 0
		       : problem_at(s, "file_dir", path, NULL,
				 "%s: write dir = true for a folder", path);
}

/* "c MAJOR MINOR", "b MAJOR MINOR" or "p". */
static int
node(struct msmv_stage *s, struct msmv_entry *e, const char *path, const char *value)
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
	return problem_at(s, "file_node", path,
		"write \"c MAJOR MINOR\", \"b MAJOR MINOR\" or, for a pipe, \"p\"",
		"%s: \"%s\" is no node", path, value);
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
	if (S_ISLNK(e->mode))
		return problem_at(s, "file_mode", path, NULL, "%s: a link has no mode", path);
	if (given[0] >= '1' && given[0] <= '9')
		return problem_at(s, "file_mode", path, "write mode = \"0755\" as text",
			"%s: its mode is not octal with 0 in front", path);
	if (given[0] != '0' || n < 2 || n > 5 || given[n] != '\0')
		return problem_at(s, "file_mode", path, "write it like mode = \"0755\"",
			"%s: \"%s\" is no mode for it", path, given);
	e->mode = (e->mode & S_IFMT) | (unsigned)strtoul(given, NULL, 8);
	return 0;
}

static int
file_write(struct msmv_stage *s, struct msmv_tree *tree, const struct kind *kind, size_t i)
{
	const char *path = s->host->option_key(s, kind->option, i);
	struct msmv_entry e = {.struct_size = sizeof(e), .mode = kind->mode, .fd = -1};
	int bad;

	if (!guest_path_is_right(path))
		return problem_at(s, kind->option, path, NULL,
			"\"%s\" is not an absolute path in the guest", path);
	e.path = path + 1;
	bad = mode(s, &e, path);
	if (map_get(s, "file_owner", path))
		bad |= account_find(s, "file_owner", path, &e.uid, &e.gid);
	bad |= kind->fill(s, &e, path, s->host->option_at(s, kind->option, i));
	if (!bad && tree)
		bad = s->host->tree_add(tree, &e);
	if (e.fd >= 0)
		close(e.fd);
	return bad ? -1 : 0;
}

/* A mode of nothing is a mistyped path. */
static int
only_of_files(struct msmv_stage *s, const char *option)
{
	size_t n = s->host->option_count(s, option);
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *path = s->host->option_key(s, option, i);

		if (!files_has(s, path))
			bad = problem_at(s, option, path, NULL,
				"what is %s? It needs one of source, text, link, dir, node",
				path);
	}
	return bad;
}

int
files_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	int bad = only_of_files(s, "file_mode");

	bad |= only_of_files(s, "file_owner");
	for (size_t k = 0; k < KINDS; k++) {
		size_t n = s->host->option_count(s, kinds[k].option);

		for (size_t i = 0; i < n; i++)
			bad |= file_write(s, tree, &kinds[k], i);
	}
	return bad;
}

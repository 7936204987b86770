/* SPDX-License-Identifier: GPL-3.0-only */
/* Folders and symbolic links that a recipe adds to the skeleton. */
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../problem/problem.h"

int
guest_path_is_right(const char *path)
{
	const char *c = path;

	if (*c != '/')
		return 0;
	while (*c == '/') {
		size_t n = strcspn(++c, "/");

		if (n == 0 || (n == 1 && c[0] == '.') ||
			(n == 2 && c[0] == '.' && c[1] == '.'))
			return 0;
		c += n;
	}
	return 1;
}

/* "PATH" or "PATH:MODE", MODE octal. */
static int
dir_parse(struct msmv_stage *s, const char *text, char *path, size_t room, unsigned *mode)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	char *end = NULL;

	*mode = 0755;
	if (colon) {
		unsigned long value = strtoul(colon + 1, &end, 8);

		*mode = (unsigned)value;
		if (colon[1] < '0' || colon[1] > '7' || *end != '\0' || value > 07777)
			len = room;
	}
	if (len < room) {
		memcpy(path, text, len);
		path[len] = '\0';
		if (guest_path_is_right(path))
			return 0;
	}
	return problem_at(s, "dirs", text, NULL,
		"dirs: \"%s\" is not an absolute path, with or without :MODE in octal",
		text);
}

static int
dirs_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	struct msmv_entry e = {.struct_size = sizeof(e), .fd = -1};
	size_t n = s->host->option_count(s, "dirs");
	char path[GUEST_PATH_MAX];
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *text = s->host->option_at(s, "dirs", i);
		unsigned mode;

		if (dir_parse(s, text, path, sizeof(path), &mode) != 0) {
			bad = -1;
			continue;
		}
		e.mode = S_IFDIR | mode;
		e.path = path + 1;
		if (tree && s->host->tree_add(tree, &e) != 0)
			return -1;
	}
	return bad;
}

static int
symlinks_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	struct msmv_entry e = {
		.struct_size = sizeof(e), .mode = S_IFLNK | 0777, .fd = -1};
	size_t n = s->host->option_count(s, "symlinks");
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = s->host->option_key(s, "symlinks", i);
		const char *target = s->host->option_at(s, "symlinks", i);

		if (!guest_path_is_right(name) || target[0] == '\0') {
			bad = problem_at(s, "symlinks", name, NULL,
				"symlinks: \"%s\" -> \"%s\" needs an absolute path and a "
				"target", name, target);
			continue;
		}
		e.path = name + 1;
		e.target = target;
		if (tree && s->host->tree_add(tree, &e) != 0)
			return -1;
	}
	return bad;
}

int
extras_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	int bad = dirs_write(s, tree);

	bad |= symlinks_write(s, tree);
	return bad;
}

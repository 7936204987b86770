/* SPDX-License-Identifier: GPL-3.0-only */
/* Folders and symbolic links that a recipe adds to the skeleton. */
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
	return s->host->fail(s, MSMV_FAIL_RECIPE,
		"dirs: \"%s\" is not an absolute path, with or without :MODE in octal",
		text);
}

int
extras_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	size_t dirs = s->host->option_count(s, "dirs");
	size_t links = s->host->option_count(s, "symlinks");
	struct msmv_entry e = {.struct_size = sizeof(e), .fd = -1};
	char path[4096];

	for (size_t i = 0; i < dirs; i++) {
		unsigned mode;

		if (dir_parse(s, s->host->option_at(s, "dirs", i), path, sizeof(path),
			    &mode))
			return -1;
		e.mode = S_IFDIR | mode;
		e.path = path + 1;
		if (tree && s->host->tree_add(tree, &e) != 0)
			return -1;
	}
	for (size_t i = 0; i < links; i++) {
		const char *name = s->host->option_key(s, "symlinks", i);
		const char *target = s->host->option_at(s, "symlinks", i);

		if (!guest_path_is_right(name) || target[0] == '\0')
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"symlinks: \"%s\" -> \"%s\" needs an absolute path and a "
				"target",
				name, target);
		e.mode = S_IFLNK | 0777;
		e.path = name + 1;
		e.target = target;
		if (tree && s->host->tree_add(tree, &e) != 0)
			return -1;
	}
	return 0;
}

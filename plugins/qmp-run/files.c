/* SPDX-License-Identifier: GPL-3.0-only */
/* A file that cannot be seen has no size, and is left out. */
#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t
measure(const struct guest *g, const char *kernel, struct file files[FILES_MAX])
{
	const struct {
		const char *name, *path;
	} all[FILES_MAX] = {
		{ "kernel", kernel },
		{ "initramfs", g->initramfs },
		{ "disk", strcmp(g->form, "disk") == 0 ? g->disks[0].path : NULL },
		{ "uki", g->uki },
	};
	size_t n = 0;
	struct stat st;

	for (size_t i = 0; i < FILES_MAX; i++)
		if (all[i].path && stat(all[i].path, &st) == 0)
			files[n++] = (struct file){ all[i].name, st.st_size };
	return n;
}

size_t
files_booted(const struct guest *g, struct file files[FILES_MAX])
{
	return measure(g, g->kernel, files);
}

static int
larger(const void *a, const void *b)
{
	int64_t x = ((const struct file *)a)->size, y = ((const struct file *)b)->size;

	return x < y ? 1 : x > y ? -1 : 0;
}

size_t
files_delivered(const struct guest *g, struct file files[FILES_MAX])
{
	size_t n = measure(g, g->image ? g->image : g->kernel, files);

	qsort(files, n, sizeof(files[0]), larger);
	return n;
}

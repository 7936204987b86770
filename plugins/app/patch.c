/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe's own changes to a source. They lie beside the recipe, and their content is
 * part of the key.
 */
#include "patch.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), want = strlen(end);

	return len >= want && strcmp(text + len - want, end) == 0;
}

static int
is_patch(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".patch") || ends_with(entry->d_name, ".diff");
}

static int
patch_apply(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *words[] = {"patch", "-p1", "--batch", "--forward",
		"--no-backup-if-mismatch", "-i", path};
	struct words argv = {0}, none = {0};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words_push(&build->pool, &argv, words[i]);
	return command_run(build,
		pool_fmt(&build->pool, "patch %s", slash ? slash + 1 : path), &argv, &none);
}

/* A folder stands for the patches in it, in the order of their names. */
static int
patch_path(struct build *build, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n, result = 0;

	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return patch_apply(build, path);
	n = scandir(path, &entries, is_patch, alphasort);
	for (int i = 0; i < n; i++) {
		if (!result)
			result = patch_apply(build,
				pool_fmt(&build->pool, "%s/%s", path, entries[i]->d_name));
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return result;
}

bool
patch_any(const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n;

	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return true;
	n = scandir(path, &entries, is_patch, NULL);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	if (n >= 0)
		free(entries);
	return n > 0;
}

int
patch_all(struct build *build)
{
	const struct msmv_host *host = build->host;

	for (size_t i = 0; i < host->option_count(build->stage, "patches"); i++)
		if (patch_path(build, host->option_at(build->stage, "patches", i)))
			return -1;
	return 0;
}

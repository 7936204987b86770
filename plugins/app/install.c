/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * "make install" installs for people who develop and read manuals. The image gets
 * what runs; headers and libraries go to the stages that link with them.
 */
#include "install.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum fate { FATE_KEEP, FATE_DEVELOP, FATE_REMOVE };

/* Shell patterns; a folder that matches goes with all it holds. */
static const char *const develop_patterns[] = {"*/include", "*/lib*/*.a", "*/lib*/*.o",
	"*/lib*/pkgconfig", "*/share/pkgconfig", "*/share/aclocal", "*/lib*/cmake",
	"*/share/cmake", NULL};
static const char *const docs_patterns[] = {"*/share/man", "*/share/doc", "*/share/info",
	"*/share/locale", "*/share/gtk-doc", NULL};
/* libtool's notes hold the folders of this machine, and static linking needs none. */
static const char *const never_patterns[] = {"*/lib*/*.la", NULL};

static int
system_fail(struct build *build, const char *what, const char *path)
{
	return build->host->fail(build->stage, MSMV_FAIL_SYSTEM, "cannot %s %s: %s", what,
		path, strerror(errno));
}

static bool
matches(const char *const *patterns, const char *path)
{
	for (; *patterns; patterns++)
		if (fnmatch(*patterns, path, 0) == 0)
			return true;
	return false;
}

static enum fate
fate_of(struct build *build, const char *path)
{
	const struct msmv_host *host = build->host;

	for (size_t i = 0; i < host->option_count(build->stage, "remove"); i++)
		if (fnmatch(host->option_at(build->stage, "remove", i), path, 0) == 0)
			return FATE_REMOVE;
	if (matches(never_patterns, path))
		return FATE_REMOVE;
	if (!host->option_int(build->stage, "docs") && matches(docs_patterns, path))
		return FATE_REMOVE;
	return matches(develop_patterns, path) ? FATE_DEVELOP : FATE_KEEP;
}

/* Makes the folders above path, which lies under the develop folder. */
static int
parents_make(struct build *build, const char *path)
{
	char *copy = pool_dup(&build->pool, path, strlen(path));

	for (char *at = copy + strlen(build->develop); (at = strchr(at + 1, '/'));) {
		*at = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			return system_fail(build, "make", copy);
		*at = '/';
	}
	return 0;
}

/* With the development option the image keeps its name for the file, too. */
static int
file_develop(struct build *build, const char *from, const char *to)
{
	bool keep = build->host->option_int(build->stage, "development");

	if (parents_make(build, to))
		return -1;
	if ((keep ? link : rename)(from, to))
		return system_fail(build, "move", from);
	return 0;
}

static int folder_sort(struct build *build, const char *path, enum fate above);

static int
entry_sort(struct build *build, const char *path, enum fate above)
{
	const char *full = pool_fmt(&build->pool, "%s%s", build->dest, path);
	enum fate fate = above == FATE_REMOVE ? above : fate_of(build, path);
	struct stat st;

	if (lstat(full, &st))
		return system_fail(build, "look at", full);
	if (fate == FATE_KEEP)
		fate = above;
	if (S_ISDIR(st.st_mode))
		return folder_sort(build, path, fate);
	if (fate == FATE_REMOVE && unlink(full))
		return system_fail(build, "remove", full);
	if (fate == FATE_DEVELOP)
		return file_develop(build, full,
			pool_fmt(&build->pool, "%s%s", build->develop, path));
	return 0;
}

/* A folder that the package installs empty stays; one that was emptied goes. */
static int
folder_sort(struct build *build, const char *path, enum fate above)
{
	const char *full = pool_fmt(&build->pool, "%s%s", build->dest, path);
	struct dirent **entries;
	int n = scandir(full, &entries, NULL, alphasort), result = 0;

	if (n < 0)
		return system_fail(build, "read", full);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (!result && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			result = entry_sort(build,
				pool_fmt(&build->pool, "%s/%s", path, name), above);
		free(entries[i]);
	}
	free(entries);
	if (!result && *path && (n > 2 || above != FATE_KEEP))
		rmdir(full); /* fails when something is left, which is meant */
	return result;
}

int
install_sort(struct build *build)
{
	if (mkdir(build->develop, 0755))
		return system_fail(build, "make", build->develop);
	return folder_sort(build, "", FATE_KEEP);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Path arithmetic by text alone; nothing here touches the file system. */
#ifndef MSMV_BASE_PATH_H
#define MSMV_BASE_PATH_H

#include <stdbool.h>

/* "a/b"; an absolute b stands alone. The caller frees. */
char *path_join(const char *a, const char *b);
/* Everything before the last '/', "." if none; the caller frees. */
char *path_dir(const char *path);
/* What follows the last '/'; inside path. */
const char *path_base(const char *path);
/* path against the current folder, "." and ".." folded; the caller frees. */
char *path_absolute(const char *path);
/* True for a relative path without empty, "." or ".." parts. */
bool path_is_clean(const char *path);
/* True if path is dir or below it; both absolute and without "." and "..". */
bool path_is_inside(const char *path, const char *dir);
/*
 * The path in "file:///a%20b" (the scheme in any letters, the host none or localhost), %XX
 * filled in; NULL for any other url. The caller frees.
 */
char *path_of_url(const char *url);

#endif

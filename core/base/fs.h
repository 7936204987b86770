/* SPDX-License-Identifier: GPL-3.0-only */
/* Files. Functions return 0, or -1 with err. */
#ifndef MSMV_BASE_FS_H
#define MSMV_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"

int fs_mkdirs(const char *path, mode_t mode, struct err *err);
bool fs_exists(const char *path);
/* Opened to read; -1 with errno. */
int fs_open(const char *path);
/* Whole file into out, at most limit bytes; witness.h notes what was read. */
int fs_read(const char *path, size_t limit, struct str *out, struct err *err);
/* The same of what msmv keeps for itself to save time: no witness.h note is made of it. */
int fs_recall(const char *path, size_t limit, struct str *out);
/* The same from fd's position on; path is for err. */
int fs_read_fd(int fd, const char *path, size_t limit, struct str *out, struct err *err);
/* Temporary file beside it, fsync if durable, rename over it, and fsync of the folder then. */
int fs_write(const char *path, const void *data, size_t n, bool durable, struct err *err);
int fs_write_all(int fd, const void *data, size_t n, struct err *err);
/* Everything from in's position, by copy_file_range where the system can. */
int fs_copy_fd(int in, int out, struct err *err);
/* A new file, reflinked where the file system can, holes kept; never a hard link. */
int fs_copy(const char *from, const char *to, mode_t mode, struct err *err);
/* The same into a new file that is open. */
int fs_copy_into(const char *from, int out, struct err *err);
int fs_sync_dir(const char *path, struct err *err);
/* Removes a file or a whole tree, also folders without write permission; absent is fine. */
int fs_remove(const char *path, struct err *err);
/* Removes what can be removed in a folder, but not what has the name keep; NULL: all. */
void fs_empty(const char *path, const char *keep);
/*
 * "dev:ino:size:mtime_ns:ctime_ns:mode", or "absent": changes when the file may have, if it
 * was settled before.
 */
char *fs_identity(const char *path);
/* The same of what stat said. */
char *fs_identity_of(const struct stat *st);
/*
 * looked: the clock, in seconds since 1970, before st was asked for. False: a change right
 * after that could leave the file the same times, or its times are no clock of ours.
 */
bool fs_is_settled(const struct stat *st, time_t looked);
/* The path without links, "." and ".."; NULL with errno; the caller frees. */
char *fs_real(const char *path);
/* The program that PATH (colon-separated) leads to; NULL if none; the caller frees. */
char *fs_which(const char *name, const char *path);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The lock is a file beside the folder, so that the folder can be moved and removed under
 * it; its time is when a stage had the folder last. What a stage left in place of its
 * folder, such as a link, is not taken back.
 */
#include "store/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

bool
scratch_valid(const char *hex)
{
	return strlen(hex) == SCRATCH_HEX && strspn(hex, "0123456789abcdef") == SCRATCH_HEX;
}

static char *
place(const char *store, const char *hex, const char *suffix)
{
	return xasprintf("%s/scratch/%s%s", store, hex, suffix);
}

/* -1 without err: another stage has it. */
static int
hold(const struct store *s, const char *hex, struct err *err)
{
	cleanup_free char *path = place(s->dir, hex, ".lock");
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0)
		return err_errno(err, "open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -1 : err_errno(err, "lock %s", path);
	(void)futimens(fd, NULL);
	return take_fd(fd);
}

int
scratch_lend(const struct store *s, const char *hex, const char *into, struct err *err)
{
	cleanup_close int fd = hold(s, hex, err);
	cleanup_free char *from = place(s->dir, hex, ""), *to = path_join(into, hex);

	if (fd < 0)
		return -1;
	if (rename(from, to) < 0 && (errno != ENOENT || mkdir(to, 0755) < 0))
		return err_errno(err, "lend %s", from);
	return take_fd(fd);
}

static void
take_back(const char *store, const char *hex, const char *from)
{
	cleanup_free char *to = place(store, hex, "");
	struct stat st;

	if (lstat(from, &st) < 0 || !S_ISDIR(st.st_mode) || rename(from, to) < 0)
		fs_remove(from, NULL);
}

void
scratch_return(const struct store *s, const char *hex, const char *from, int fd)
{
	cleanup_free char *path = path_join(from, hex);

	take_back(s->dir, hex, path);
	flock(fd, LOCK_UN); /* a child that we forked may have it open, too */
	close(fd);
}

/* All in a folder that scratch_lend lent into. */
static void
rescue_all(const char *store, const char *folder)
{
	DIR *d = opendir(folder);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *path = path_join(folder, e->d_name);

		if (scratch_valid(e->d_name))
			take_back(store, e->d_name, path);
	}
	if (d)
		closedir(d);
}

void
scratch_rescue(const char *store, const char *tmp)
{
	DIR *d = opendir(tmp);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *folder = path_join(tmp, e->d_name);
		struct stat st;

		if (str_ends(e->d_name, ".scratch") && lstat(folder, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			rescue_all(store, folder);
	}
	if (d)
		closedir(d);
}

void
scratch_forget(const struct store *s, int64_t before)
{
	cleanup_free char *folder = store_path(s, "scratch");
	DIR *d = opendir(folder);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *hex = xstrndup(e->d_name, SCRATCH_HEX);
		cleanup_free char *dir = path_join(folder, hex), *lock = place(s->dir, hex, ".lock");
		struct stat st;

		if (scratch_valid(hex) && stat(lock, &st) == 0 && st.st_mtime < before &&
		    fs_remove(dir, NULL) == 0)
			unlink(lock);
	}
	if (d)
		closedir(d);
}

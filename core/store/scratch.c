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

static bool
is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- What dead processes had ----------------------------------------- */

/* Calls each for the path of every folder of loans in a process's folder. */
static bool
each_loans(const char *tmp, bool (*each)(void *arg, const char *folder), void *arg)
{
	bool all = true;
	DIR *d = opendir(tmp);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *folder = path_join(tmp, e->d_name);

		if (str_ends(e->d_name, ".scratch") && is_folder(folder))
			all &= each(arg, folder);
	}
	if (d)
		closedir(d);
	return all;
}

struct search {
	const char *hex, *to;
};

/* False once it is found. */
static bool
is_not_in(void *arg, const char *folder)
{
	const struct search *s = arg;
	cleanup_free char *from = path_join(folder, s->hex);

	return rename(from, s->to) < 0;
}

/*
 * Who has the lock and no folder may find it with a process that died with it and that
 * nobody has cleared up after yet.
 */
static bool
take_over(const struct store *s, const char *hex, const char *to)
{
	cleanup_free char *tmp = store_path(s, "tmp");
	struct search search = { hex, to };
	bool found = false;
	DIR *d = opendir(tmp);

	for (struct dirent *e; d && !found && (e = readdir(d));) {
		cleanup_free char *dir = path_join(tmp, e->d_name);

		if (e->d_name[0] != '.')
			found = !each_loans(dir, is_not_in, &search);
	}
	if (d)
		closedir(d);
	return found;
}

/* ---- Lending --------------------------------------------------------- */

int
scratch_lend(const struct store *s, const char *hex, const char *into, struct err *err)
{
	cleanup_close int fd = hold(s, hex, err);
	cleanup_free char *from = place(s->dir, hex, ""), *to = path_join(into, hex);

	if (fd < 0)
		return -1;
	if (rename(from, to) == 0 ||
	    (errno == ENOENT && (take_over(s, hex, to) || mkdir(to, 0755) == 0)))
		return take_fd(fd);
	return err_errno(err, "lend %s", from);
}

/*
 * What is no folder goes. If another one is there, that goes if ours is newer, else ours.
 * False, and nothing is lost, if it cannot be moved.
 */
static bool
take_back(const char *store, const char *hex, const char *from, bool newer)
{
	cleanup_free char *to = place(store, hex, "");

	if (!is_folder(from))
		return fs_remove(from, NULL) == 0;
	if (rename(from, to) == 0)
		return true;
	if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
		return false;
	if (!newer)
		return fs_remove(from, NULL) == 0;
	return fs_remove(to, NULL) == 0 && rename(from, to) == 0;
}

void
scratch_return(const struct store *s, const char *hex, const char *from, int fd)
{
	cleanup_free char *path = path_join(from, hex);

	take_back(s->dir, hex, path, true);
	flock(fd, LOCK_UN); /* a child that we forked may have it open, too */
	close(fd);
}

/* ---- Clearing up ----------------------------------------------------- */

/* Whoever has the lock has a later one, which is what counts. */
static bool
rescue(const struct store *s, const char *hex, const char *path)
{
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int fd = hold(s, hex, &err);

	if (fd < 0)
		return !err.msg;
	return take_back(s->dir, hex, path, false);
}

/* All in a folder that scratch_lend lent into. */
static bool
rescue_all(void *store, const char *folder)
{
	bool all = true;
	DIR *d = opendir(folder);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *path = path_join(folder, e->d_name);

		if (scratch_valid(e->d_name))
			all &= rescue(store, e->d_name, path);
	}
	if (d)
		closedir(d);
	return all;
}

bool
scratch_rescue(const struct store *s, const char *tmp)
{
	return each_loans(tmp, rescue_all, (void *)(uintptr_t)s);
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

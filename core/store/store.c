/* SPDX-License-Identifier: GPL-3.0-only */
/* The store's folder: layout, format version, and what dead processes left behind. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "store/scratch.h"

static const char *const folders[] = { "blobs", "actions", "claims", "scratch", "facts", "runs",
	"tmp" };

/* Somebody's own folder? Then "clean" would remove what was never ours. */
static bool
is_foreign(const char *dir, const char *format)
{
	bool foreign = false;
	DIR *d = opendir(dir);

	for (struct dirent *e; d && !foreign && (e = readdir(d));)
		foreign = !streq(e->d_name, ".") && !streq(e->d_name, "..") &&
			!str_starts(e->d_name, "format") && !streq(e->d_name, "lost+found");
	if (d)
		closedir(d);
	/* Whoever makes it a store at this moment writes the format first. */
	return foreign && !fs_exists(format);
}

static int
check_format(const char *dir, struct err *err)
{
	cleanup_free char *path = path_join(dir, "format");
	cleanup_str struct str text = STR_INIT;
	char want[16];

	snprintf(want, sizeof(want), "%d\n", STORE_FORMAT);
	if (is_foreign(dir, path))
		return err_set(err, "%s holds other files and is no store: give a folder of its "
			"own with --store", dir);
	if (fs_exists(path) && fs_read(path, 4096, &text, err) < 0)
		return -1;
	if (!text.len) /* new, or the power went before it was written */
		return fs_write(path, want, strlen(want), true, err);
	if (!streq(text.p, want))
		return err_set(err, "%s has format %.*s, this msmv uses %d: give another folder "
			"with --store", dir, (int)strcspn(text.p, "\n"), text.p, STORE_FORMAT);
	return 0;
}

/* A folder of tmp whose lock nobody holds belongs to a process that is gone. */
static void
remove_if_dead(const struct store *s, const char *tmp, const char *name)
{
	cleanup_free char *dir = path_join(tmp, name);
	cleanup_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* What cannot be opened may well be in use, unless it is no folder. */
	if (fd < 0 ? errno != ENOTDIR && errno != ELOOP : flock(fd, LOCK_EX | LOCK_NB) < 0)
		return;
	if (scratch_rescue(s, dir))
		fs_remove(dir, NULL);
}

static void
remove_leftovers(const struct store *s, const char *tmp)
{
	DIR *d = opendir(tmp);

	for (struct dirent *e; d && (e = readdir(d));)
		if (!streq(e->d_name, ".") && !streq(e->d_name, ".."))
			remove_if_dead(s, tmp, e->d_name);
	if (d)
		closedir(d);
}

/* Another container may have a process of our number, so the name may be taken. */
static int
make_tmp(struct store *s, struct err *err)
{
	int result = -1;

	for (unsigned n = 0; result < 0; n++) {
		free(s->tmp);
		s->tmp = xasprintf("%s/tmp/%ld.%u", s->dir, (long)getpid(), n);
		result = mkdir(s->tmp, 0755);
		if (result < 0 && errno != EEXIST)
			return err_errno(err, "mkdir %s", s->tmp);
	}
	s->tmp_lock = open(s->tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->tmp_lock < 0 || flock(s->tmp_lock, LOCK_EX | LOCK_NB) < 0)
		return err_errno(err, "lock %s", s->tmp);
	return 0;
}

/* One process at a time, so that nobody takes a folder that is not locked yet. */
static int
claim_tmp(struct store *s, const char *tmp, struct err *err)
{
	cleanup_close int lock = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0 || flock(lock, LOCK_EX) < 0)
		return err_errno(err, "lock %s", tmp);
	remove_leftovers(s, tmp);
	return make_tmp(s, err);
}

int
store_open(struct store *s, const char *dir, struct err *err)
{
	cleanup_free char *tmp = NULL;
	bool made = false;

	*s = (struct store){ .dir = path_absolute(dir), .tmp_lock = -1 };
	if (fs_mkdirs(s->dir, 0755, err) < 0)
		return -1;
	if (check_format(s->dir, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		cleanup_free char *path = path_join(s->dir, folders[i]);

		if (mkdir(path, 0755) == 0)
			made = true;
		else if (errno != EEXIST)
			return err_errno(err, "mkdir %s", path);
	}
	/* What is synced in a folder counts only if the folder is. */
	if (made && fs_sync_dir(s->dir, err) < 0)
		return -1;
	tmp = path_join(s->dir, "tmp");
	return claim_tmp(s, tmp, err);
}

/* Does a process that lives hold one of the folders, ours aside? */
static bool
is_in_use(const struct store *s, const char *tmp)
{
	bool used = false;
	DIR *d = opendir(tmp);

	for (struct dirent *e; d && !used && (e = readdir(d));) {
		cleanup_close int fd = -1;

		if (e->d_name[0] == '.' || streq(e->d_name, path_base(s->tmp)))
			continue;
		fd = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		used = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0;
	}
	if (d)
		closedir(d);
	return used;
}

int
store_alone(const struct store *s, struct err *err)
{
	cleanup_free char *tmp = path_join(s->dir, "tmp");
	int lock = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0 || flock(lock, LOCK_EX) < 0) {
		err_errno(err, "lock %s", tmp);
	} else if (is_in_use(s, tmp)) {
		err_set(err, "another msmv works in %s: try again when it has ended", s->dir);
	} else {
		return lock;
	}
	if (lock >= 0)
		close(lock);
	return -1;
}

void
store_close(struct store *s)
{
	if (s->tmp_lock >= 0) {
		fs_remove(s->tmp, NULL);
		close(s->tmp_lock);
	}
	free(s->tmp);
	free(s->dir);
	*s = (struct store){ .tmp_lock = -1 };
}

char *
store_path(const struct store *s, const char *sub)
{
	return path_join(s->dir, sub);
}

int
store_write(const struct store *s, const char *path, const void *data, size_t n,
	struct err *err)
{
	cleanup_free char *tmp = s->tmp ? xasprintf("%s/w.%s", s->tmp, path_base(path)) : NULL;

	if (!tmp)
		return fs_write(path, data, n, false, err);
	if (fs_write(tmp, data, n, false, err) < 0)
		return -1;
	if (rename(tmp, path) == 0)
		return 0;
	if (errno == EXDEV) { /* a part of the store lies elsewhere, behind a link */
		unlink(tmp);
		return fs_write(path, data, n, false, err);
	}
	err_errno(err, "replace %s", path);
	unlink(tmp);
	return -1;
}

char *
store_temp_dir(struct store *s, struct err *err)
{
	char *path = xasprintf("%s/%u", s->tmp, s->next++);

	if (mkdir(path, 0755) == 0)
		return path;
	err_errno(err, "mkdir %s", path);
	free(path);
	return NULL;
}

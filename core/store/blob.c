/* SPDX-License-Identifier: GPL-3.0-only */
/* Publishing: what has its final name is complete and on disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "store/store.h"

enum { RESULT_MAX = 16 * 1024 * 1024 };

static char *
object_path(const struct store *s, const char *kind, const char *hex)
{
	return xasprintf("%s/%s/%.2s/%s", s->dir, kind, hex, hex + 2);
}

char *
store_blob_path(const struct store *s, const char *digest)
{
	return object_path(s, "blobs", digest);
}

char *
store_result_path(const struct store *s, const char *key)
{
	return object_path(s, "actions", key);
}

bool
store_has_blob(const struct store *s, const char *digest, uint64_t size)
{
	cleanup_free char *path = NULL;
	struct stat st;

	if (!sha256_valid(digest))
		return false;
	path = store_blob_path(s, digest);
	return witness_stat(path, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == size;
}

/* A new folder that a crash could take away again would take the files in it with it. */
static int
make_folder(const char *dir, struct err *err)
{
	cleanup_free char *parent = path_dir(dir);

	if (mkdir(dir, 0755) == 0)
		return fs_sync_dir(parent, err);
	return errno == EEXIST ? 0 : err_errno(err, "mkdir %s", dir);
}

/* fsync, rename into place, fsync the folder: in this order, or a crash shows. */
static int
publish(int fd, const char *from, const char *to, struct err *err)
{
	cleanup_free char *dir = path_dir(to);

	if (make_folder(dir, err) < 0)
		return -1;
	if (fsync(fd) < 0)
		return err_errno(err, "sync %s", from);
	if (rename(from, to) < 0)
		return err_errno(err, "publish %s", to);
	return fs_sync_dir(dir, err);
}

/* Is the file there already, and is it that? A damaged one is replaced. */
static bool
is_whole(const char *path, const char *digest)
{
	char now[SHA256_HEX];

	return fs_exists(path) && sha256_file(path, now, NULL, NULL) == 0 && streq(now, digest);
}

int
store_put_blob(struct store *s, const char *path, char digest[SHA256_HEX], uint64_t *size,
	struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_free char *to = NULL;

	if (fd < 0)
		return err_errno(err, "open %s", path);
	/* It is written to disk while it is hashed. */
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	if (sha256_fd(fd, digest, size, err) < 0)
		return err_wrap(err, "%s", path);
	to = store_blob_path(s, digest);
	if (is_whole(to, digest)) {
		unlink(path);
		return 0;
	}
	if (fchmod(fd, 0444) < 0)
		return err_errno(err, "chmod %s", path);
	return publish(fd, path, to, err);
}

static bool
is_still(int fd, const char *path)
{
	struct stat read, there;

	return fstat(fd, &read) == 0 && stat(path, &there) == 0 &&
		read.st_dev == there.st_dev && read.st_ino == there.st_ino;
}

int
store_check_blob(struct store *s, const char *digest, struct err *err)
{
	cleanup_free char *path = store_blob_path(s, digest);
	cleanup_free char *aside = xasprintf("%s.damaged", path);
	cleanup_close int fd = fs_open(path);
	char now[SHA256_HEX];

	if (fd < 0)
		return err_errno(err, "open %s", path);
	if (sha256_fd(fd, now, NULL, err) < 0)
		return err_wrap(err, "%s", path);
	if (streq(now, digest))
		return 0;
	/* Somebody may have made it anew while this one was read. */
	if (!is_still(fd, path) && access(path, F_OK) == 0)
		return store_check_blob(s, digest, err);
	rename(path, aside);
	err_set(err, "the stored file %.12s is damaged: put aside, its stage runs again", digest);
	if (err)
		err->code = EUCLEAN;
	return -1;
}

int
store_get_result(const struct store *s, const char *key, struct record *out)
{
	cleanup_free char *path = store_result_path(s, key);
	cleanup_str struct str text = STR_INIT;

	/* Its times say when it was used, not when it was written. */
	if (fs_read(path, RESULT_MAX, &text, NULL) < 0)
		return 0;
	if (record_parse(out, str_text(&text), text.len, NULL) < 0) {
		record_release(out);
		return 0;
	}
	return 1;
}

void
store_touch_result(const struct store *s, const char *key, int64_t when)
{
	cleanup_free char *path = store_result_path(s, key);
	struct timespec times[] = { { .tv_sec = when }, { .tv_sec = when } };
	struct stat st;

	if (when && (stat(path, &st) < 0 || st.st_mtime >= when))
		return;
	/* A store that cannot be written to only loses the order. */
	(void)!utimensat(AT_FDCWD, path, when ? times : NULL, 0);
}

int
store_drop_result(const struct store *s, const char *key, struct err *err)
{
	cleanup_free char *path = store_result_path(s, key);

	return unlink(path) == 0 || errno == ENOENT ? 0 : err_errno(err, "remove %s", path);
}

int
store_put_result(struct store *s, const char *key, const struct record *r, struct err *err)
{
	/* Children that publish share the folder, not the counter. */
	cleanup_free char *tmp = xasprintf("%s/r%ld.%u", s->tmp, (long)getpid(), s->next++);
	cleanup_free char *to = store_result_path(s, key);
	cleanup_close int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	cleanup_str struct str text = STR_INIT;

	if (fd < 0)
		return err_errno(err, "create %s", tmp);
	record_write(r, &text);
	if (fs_write_all(fd, text.p, text.len, err) < 0 || publish(fd, tmp, to, err) < 0) {
		unlink(tmp);
		return -1;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Blobs and results: what they are called, and whether they are what their names say. */
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

/* Is the file there already, and is it that? A damaged one is replaced. */
static bool
is_whole(const char *path, const char *digest)
{
	char now[SHA256_HEX];

	return fs_exists(path) && sha256_file(path, now, NULL, NULL) == 0 && streq(now, digest);
}

int
store_add_blob(struct store *s, struct batch *b, const char *path, char digest[SHA256_HEX],
	uint64_t *size, struct err *err)
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
	batch_add(b, path, to, false);
	return 0;
}

int
store_put_blob(struct store *s, const char *path, char digest[SHA256_HEX], uint64_t *size,
	struct err *err)
{
	cleanup_batch struct batch b = BATCH_INIT;

	return store_add_blob(s, &b, path, digest, size, err) < 0 ? -1 : batch_publish(&b, err);
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
store_add_result(struct store *s, struct batch *b, const char *key, const struct record *r,
	struct err *err)
{
	/* Children that publish share the folder, not the counter. */
	cleanup_free char *tmp = xasprintf("%s/r%ld.%u", s->tmp, (long)getpid(), s->next++);
	cleanup_free char *to = store_result_path(s, key);
	cleanup_close int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	cleanup_str struct str text = STR_INIT;

	if (fd < 0)
		return err_errno(err, "create %s", tmp);
	record_write(r, &text);
	if (fs_write_all(fd, text.p, text.len, err) < 0) {
		unlink(tmp);
		return -1;
	}
	batch_add(b, tmp, to, true);
	return 0;
}

int
store_put_result(struct store *s, const char *key, const struct record *r, struct err *err)
{
	cleanup_batch struct batch b = BATCH_INIT;

	return store_add_result(s, &b, key, r, err) < 0 ? -1 : batch_publish(&b, err);
}

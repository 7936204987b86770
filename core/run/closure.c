/* SPDX-License-Identifier: GPL-3.0-only */
/* The tar is the canonical one, so two exports of the same results are the same file. */
#include "run/closure.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/resolve.h"
#include "tree/tar.h"

static const char format_name[] = "msmv-export", format_text[] = "1\n";

enum { RECORD_MAX = 16 * 1024 * 1024 };

/* ---- Out ------------------------------------------------------------- */

/* size may be NULL. */
static int
add_file(struct entries *e, const char *folder, const char *name, const char *path,
	uint64_t *size, struct err *err)
{
	cleanup_free char *member = folder ? path_join(folder, name) : xstrdup(name);
	struct entry *x;
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "%s", path);
	x = entries_add(e, member);
	x->mode = S_IFREG | 0444;
	x->size = (uint64_t)st.st_size;
	x->source = xstrdup(path);
	if (size)
		*size = x->size;
	return 0;
}

/* A blob of several results is one member. A damaged one is no help to anybody. */
static int
add_blob(struct store *s, struct entries *e, struct map *seen, const char *digest,
	struct closure_sum *sum, struct err *err)
{
	cleanup_free char *path = store_blob_path(s, digest);
	uint64_t size = 0;

	if (map_put(seen, digest, seen))
		return 0;
	if (store_check_blob(s, digest, err) < 0 ||
	    add_file(e, "blobs", digest, path, &size, err) < 0)
		return -1;
	sum->blobs++;
	sum->bytes += size;
	return 0;
}

static bool
names_blob(const struct field *f)
{
	return (streq(f->name, "digest") || streq(f->name, "log")) && sha256_valid(f->value);
}

static int
add_job(struct run *r, const struct job *j, struct entries *e, struct map *seen,
	struct closure_sum *sum, struct err *err)
{
	cleanup_free char *path = NULL;

	if (j->state != JOB_CACHED)
		return err_set(err, "%s has no result in the store (%s): msmv run the recipe first",
			j->stage->name, j->why ? j->why : j->message ? j->message : "unknown");
	if (map_put(seen, j->key, seen)) /* two stages that ask for the same */
		return 0;
	path = store_result_path(&r->ctx->store, j->key);
	sum->results++;
	if (add_file(e, "actions", j->key, path, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < j->result.len; i++)
		if (names_blob(&j->result.fields[i]) &&
		    add_blob(&r->ctx->store, e, seen, j->result.fields[i].value, sum, err) < 0)
			return -1;
	return 0;
}

static int
add_format(struct store *s, struct entries *e, struct err *err)
{
	cleanup_free char *path = path_join(s->tmp, format_name);

	if (fs_write(path, format_text, strlen(format_text), false, err) < 0)
		return -1;
	return add_file(e, NULL, format_name, path, NULL, err);
}

int
closure_write(struct run *r, int fd, struct closure_sum *sum, struct err *err)
{
	struct entries e = ENTRIES_INIT;
	struct map seen = MAP_INIT;
	int result = add_format(&r->ctx->store, &e, err);

	for (size_t i = 0; result == 0 && i < r->graph.len; i++)
		if (r->graph.nodes[i].selected)
			result = add_job(r, &r->jobs[i], &e, &seen, sum, err);
	entries_sort(&e);
	if (result == 0)
		result = entries_settle(&e, err);
	if (result == 0)
		result = tar_write(fd, &e, r->ctx->epoch, err);
	entries_release(&e);
	map_release(&seen, NULL);
	return result;
}

/* ---- In -------------------------------------------------------------- */

/* The name in the folder, or NULL; a digest or a key each. */
static const char *
member(const struct entry *e, const char *folder)
{
	size_t n = strlen(folder);

	if (!S_ISREG(e->mode) || e->target || strncmp(e->path, folder, n) != 0 ||
	    e->path[n] != '/' || !sha256_valid(e->path + n + 1))
		return NULL;
	return e->path + n + 1;
}

static int
read_member(const struct entry *e, struct str *out, struct err *err)
{
	char buf[65536];

	if (e->size > RECORD_MAX)
		return err_set(err, "%s is too large for what it is", e->path);
	for (uint64_t at = 0; at < e->size;) {
		size_t want = e->size - at < sizeof(buf) ? (size_t)(e->size - at) : sizeof(buf);
		ssize_t n = pread(e->fd, buf, want, (off_t)(e->offset + at));

		if (n <= 0)
			return err_set(err, "%s is cut short", e->path);
		str_addn(out, buf, (size_t)n);
		at += (uint64_t)n;
	}
	return 0;
}

static int
check_format(const struct entries *e, struct err *err)
{
	for (size_t i = 0; i < e->list.len; i++) {
		cleanup_str struct str text = STR_INIT;

		if (!streq(e->list.v[i].path, format_name))
			continue;
		if (read_member(&e->list.v[i], &text, err) < 0)
			return -1;
		return streq(str_text(&text), format_text) ? 0
			: err_set(err, "has format %.*s, which this msmv does not know",
				(int)strcspn(str_text(&text), "\n"), str_text(&text));
	}
	return err_set(err, "is no export of msmv's");
}

static int
copy_out(const struct entry *e, const char *path, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	char buf[65536];

	if (fd < 0)
		return err_errno(err, "create %s", path);
	for (uint64_t at = 0; at < e->size;) {
		size_t want = e->size - at < sizeof(buf) ? (size_t)(e->size - at) : sizeof(buf);
		ssize_t n = pread(e->fd, buf, want, (off_t)(e->offset + at));

		if (n <= 0)
			return err_set(err, "%s is cut short", e->path);
		if (fs_write_all(fd, buf, (size_t)n, err) < 0)
			return -1;
		at += (uint64_t)n;
	}
	return 0;
}

/* What has the right bytes does no harm in the store, even if the rest is refused. */
static int
take_blob(struct store *s, const struct entry *e, const char *digest, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/import", s->tmp);
	char now[SHA256_HEX];
	uint64_t size;

	if (store_has_blob(s, digest, e->size))
		return 0;
	if (copy_out(e, path, err) < 0 || store_put_blob(s, path, now, &size, err) < 0)
		return -1;
	return streq(now, digest) ? 0
		: err_set(err, "%s is damaged: it has the sha256 %s", e->path, now);
}

static int
read_result(const struct entry *e, const char *key, struct record *out, struct err *err)
{
	cleanup_str struct str text = STR_INIT;

	if (read_member(e, &text, err) < 0 ||
	    record_parse(out, str_text(&text), text.len, err) < 0)
		return err_wrap(err, "%s", e->path);
	return resolve_is_whole(out, key) ? 0 : err_set(err, "%s is damaged", e->path);
}

static int
has_all(const struct store *s, const struct record *r, const char *name, struct err *err)
{
	for (size_t i = 0; i < r->len; i++) {
		cleanup_free char *path = NULL;

		if (!names_blob(&r->fields[i]))
			continue;
		path = store_blob_path(s, r->fields[i].value);
		if (!fs_exists(path))
			return err_set(err, "%s names the file %.12s, which is not in it", name,
				r->fields[i].value);
	}
	return 0;
}

/* A result that is there already stays: it is as good, and may have been made better. */
static int
take_result(struct store *s, const struct entry *e, const char *key, bool put,
	struct closure_sum *sum, struct err *err)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_record struct record mine = RECORD_INIT;

	if (read_result(e, key, &r, err) < 0 || has_all(s, &r, e->path, err) < 0)
		return -1;
	if (!put)
		return 0;
	sum->results++;
	if (store_get_result(s, key, &mine) && resolve_is_whole(&mine, key)) {
		sum->known++;
		return 0;
	}
	return store_put_result(s, key, &r, err);
}

/* Twice: all of it is looked at before any of it counts. */
static int
take_results(struct store *s, const struct entries *e, bool put, struct closure_sum *sum,
	struct err *err)
{
	for (size_t i = 0; i < e->list.len; i++) {
		const char *key = member(&e->list.v[i], "actions");

		if (key && take_result(s, &e->list.v[i], key, put, sum, err) < 0)
			return -1;
	}
	return 0;
}

static int
take_blobs(struct store *s, const struct entries *e, struct closure_sum *sum, struct err *err)
{
	for (size_t i = 0; i < e->list.len; i++) {
		const struct entry *x = &e->list.v[i];
		const char *digest = member(x, "blobs");

		if (!digest && !member(x, "actions") && !S_ISDIR(x->mode) &&
		    !streq(x->path, format_name))
			return err_set(err, "holds %s, which is nothing of msmv's", x->path);
		if (!digest)
			continue;
		if (take_blob(s, x, digest, err) < 0)
			return -1;
		sum->blobs++;
		sum->bytes += x->size;
	}
	return 0;
}

int
closure_read(struct store *s, int fd, struct closure_sum *sum, struct err *err)
{
	struct entries e = ENTRIES_INIT;
	int result = tar_read(fd, 0, &e, err);

	if (result == 0)
		result = check_format(&e, err);
	if (result == 0)
		result = take_blobs(s, &e, sum, err);
	if (result == 0)
		result = take_results(s, &e, false, sum, err);
	if (result == 0)
		result = take_results(s, &e, true, sum, err);
	entries_release(&e);
	return result;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Copies (reflinks where possible), never hard links: what a person does to an
 * image must not reach the store. A list in the folder remembers what was copied.
 */
#include "cli/export.h"

#include <signal.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "run/inputs.h"

static const char list_name[] = ".msmv";

static int
copy_out(struct context *ctx, const char *digest, const char *path, struct err *err)
{
	cleanup_free char *blob = store_blob_path(&ctx->store, digest);
	cleanup_free char *tmp = xasprintf("%s.part", path);
	sigset_t all, old;
	int result = 0;

	if (stored_check(ctx, digest, err) < 0)
		return err_wrap(err, "%s: run again", path_base(path));
	/* Ctrl-C waits for the rename: half an image must not be left there. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	if (fs_copy(blob, tmp, 0644, err) < 0 || rename(tmp, path) < 0) {
		result = err_errno(err, "write %s", path);
		unlink(tmp);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

/* file=NAME state="DIGEST IDENTITY" */
static bool
is_current(const struct record *list, const char *file, const char *digest, const char *id)
{
	cleanup_free char *want = xasprintf("%s %s", digest, id);

	for (size_t i = 0; i + 1 < list->len; i++)
		if (streq(list->fields[i].value, file) && streq(list->fields[i].name, "file"))
			return streq(list->fields[i + 1].value, want);
	return false;
}

/* Two stages of one plugin have the same file name: the later is named by its stage. */
static bool
taken(const struct record *list, const char *file)
{
	for (size_t i = 0; i < list->len; i++)
		if (streq(list->fields[i].name, "file") && streq(list->fields[i].value, file))
			return true;
	return false;
}

/* The caller frees. */
static char *
another_name(const struct export *e, const char *file)
{
	cleanup_free char *name = xasprintf("%s.%s", e->stage, path_base(file));

	return e->folder ? path_join(e->folder, name) : take(name);
}

static int
make_folder(const char *path, struct err *err)
{
	cleanup_free char *folder = path_dir(path);

	return fs_mkdirs(folder, 0755, err);
}

static int
export_one(const struct run *r, const struct export *e, const char *dir,
	const struct record *before, struct record *list, struct exports *out,
	struct err *err)
{
	const struct job *j = run_job(r, e->stage);
	const char *digest = j ? job_output(j, e->port, "digest") : NULL;
	const char *file = e->filename ? e->filename : j ? job_output(j, e->port, "file") : NULL;
	cleanup_free char *named = NULL, *by_stage = NULL;
	cleanup_free char *path = NULL;
	cleanup_free char *id = NULL;
	struct exported x;

	if (!digest || !file)
		return 0;
	if (e->folder)
		file = named = path_join(e->folder, file);
	if (taken(list, file))
		file = by_stage = another_name(e, file);
	path = path_join(dir, file);
	if (e->folder && make_folder(path, err) < 0)
		return -1;
	id = fs_identity(path);
	if (!is_current(before, file, digest, id)) {
		if (copy_out(r->ctx, digest, path, err) < 0)
			return -1;
		free(id);
		id = fs_identity(path);
		witnesses_spoil();
	}
	record_add(list, "file", file);
	record_addf(list, "state", "%s %s", digest, id);
	x = (struct exported){ .file = xstrdup(file),
		.size = strtoull(job_output(j, e->port, "size"), NULL, 10) };
	memcpy(x.digest, digest, SHA256_HEX);
	vec_push(out, x);
	return 0;
}

int
export_all(const struct run *r, const char *dir, struct exports *out, struct err *err)
{
	cleanup_free char *list_path = path_join(dir, list_name);
	cleanup_record struct record before = RECORD_INIT;
	cleanup_record struct record list = RECORD_INIT;
	cleanup_str struct str old = STR_INIT;
	cleanup_str struct str text = STR_INIT;

	if (!r->pipeline->exports.len)
		return 0;
	if (fs_mkdirs(dir, 0755, err) < 0)
		return -1;
	if (fs_read(list_path, 1 << 20, &old, NULL) == 0)
		record_parse(&before, str_text(&old), old.len, NULL);
	for (size_t i = 0; i < r->pipeline->exports.len; i++)
		if (export_one(r, &r->pipeline->exports.v[i], dir, &before, &list, out, err) < 0)
			return -1;
	record_write(&list, &text);
	if (old.len == text.len && (!text.len || memcmp(old.p, text.p, text.len) == 0))
		return 0;
	witnesses_spoil();
	return fs_write(list_path, str_text(&text), text.len, false, err);
}

/* What else is put into the folder is nobody's business. */
static int
look(const char *path, struct stat *st)
{
	int result = stat(path, st), code = errno;

	witness_note(WITNESS_PLACE, path, result == 0 ? st : NULL, 0);
	errno = code;
	return result;
}

int
export_check(const struct pipeline *p, const char *dir, struct err *err)
{
	cleanup_free char *at = path_absolute(dir);
	struct stat st;

	if (!p->exports.len)
		return 0;
	while (look(at, &st) < 0 && errno == ENOENT && !streq(at, "/")) {
		char *parent = path_dir(at);

		free(at);
		at = parent;
	}
	if (look(at, &st) == 0 && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	else if (witness_open_folder(at) == 0)
		return 0;
	return err_errno(err, "cannot write to the output folder %s (-o DIR gives another): %s",
		dir, at);
}

void
exports_release(struct exports *x)
{
	for (size_t i = 0; i < x->len; i++)
		free(x->v[i].file);
	vec_release(x);
}

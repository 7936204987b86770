/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A list in the folder remembers what was copied, by its
 * identity; as that tells nothing while the file is young, the next run reads it once.
 */
#include "cli/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "cli/export_copy.h"

static const char list_name[] = ".msmv";

/* In place of an identity: what is there was written too lately for it to tell. */
static const char unsettled[] = "new";

struct exporting {
	const struct run *run;
	const char *dir;
	bool locked; /* nobody else exports to the folder */
	bool copied; /* something was not there */
	struct record before, list; /* of the folder, as it was and as it becomes */
	struct exports *out;
};

static int
replace(struct exporting *x, const struct placing *p, struct err *err)
{
	x->copied = true;
	witnesses_spoil();
	return export_copy(x->run->ctx, p, x->locked, err);
}

/* ---- What is there --------------------------------------------------- */

/* file=NAME state="DIGEST IDENTITY": the state, or NULL. */
static const char *
state_of(const struct record *list, const char *file)
{
	for (size_t i = 0; i + 1 < list->len; i++)
		if (streq(list->fields[i].value, file) && streq(list->fields[i].name, "file"))
			return list->fields[i + 1].value;
	return NULL;
}

static bool
has_content(const char *path, const char *digest)
{
	char now[SHA256_HEX];

	return sha256_file(path, now, NULL, NULL) == 0 && streq(now, digest);
}

/* The state that the list gets if the file is there as it should be, or NULL. */
static char *
current_state(const char *was, const struct placing *p)
{
	cleanup_free char *id = NULL, *now = NULL;
	cleanup_free char *new = xasprintf("%s %s", p->digest, unsettled);
	time_t looked = time(NULL);
	struct stat st;

	if (!was || witness_stat(p->path, &st) < 0)
		return NULL;
	id = fs_identity_of(&st);
	now = xasprintf("%s %s", p->digest, id);
	if (streq(was, now))
		return take(now);
	if (!streq(was, new) || !S_ISREG(st.st_mode) || !has_content(p->path, p->digest))
		return NULL;
	return fs_is_settled(&st, looked) ? take(now) : take(new);
}

/* ---- All of them ----------------------------------------------------- */

/* Two stages of one plugin have the same file name: the later is named by its stage. */
static bool
taken(const struct record *list, const char *file)
{
	return state_of(list, file) != NULL;
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
place(struct exporting *x, const char *file, const struct placing *p, struct err *err)
{
	cleanup_free char *state = current_state(state_of(&x->before, file), p);
	struct exported done = { .file = NULL };

	if (!state) {
		if (replace(x, p, err) < 0)
			return -1;
		state = xasprintf("%s %s", p->digest, unsettled);
	}
	record_add(&x->list, "file", file);
	record_add(&x->list, "state", state);
	done = (struct exported){ .file = xstrdup(file), .size = p->size };
	memcpy(done.digest, p->digest, SHA256_HEX);
	vec_push(x->out, done);
	return 0;
}

static int
export_one(struct exporting *x, const struct export *e, struct err *err)
{
	const struct job *j = run_job(x->run, e->stage);
	const char *digest = j ? job_output(j, e->port, "digest") : NULL;
	const char *file = e->filename ? e->filename : j ? job_output(j, e->port, "file") : NULL;
	cleanup_free char *named = NULL, *by_stage = NULL;
	cleanup_free char *path = NULL;
	struct placing p;

	if (!digest || !file)
		return 0;
	if (e->folder)
		file = named = path_join(e->folder, file);
	if (taken(&x->list, file))
		file = by_stage = another_name(e, file);
	path = path_join(x->dir, file);
	if (e->folder && make_folder(path, err) < 0)
		return -1;
	p = (struct placing){ digest, path, strtoull(job_output(j, e->port, "size"), NULL, 10) };
	return place(x, file, &p, err);
}

/* Where a file system has no locks, names of our own have to do. -1 then. */
static int
lock_folder(const char *dir)
{
	cleanup_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return take_fd(fd);
	if (errno != EWOULDBLOCK)
		return -1;
	fprintf(stderr, "msmv: note: another msmv writes to %s/: waiting for it\n", dir);
	return flock(fd, LOCK_EX) == 0 ? take_fd(fd) : -1;
}

static int
write_list(const struct exporting *x, const char *path, const struct str *old, struct err *err)
{
	cleanup_str struct str text = STR_INIT;
	struct stat st;

	record_write(&x->list, &text);
	if ((old->len != text.len || (text.len && memcmp(old->p, text.p, text.len) != 0)) &&
	    fs_write(path, str_text(&text), text.len, x->copied, err) < 0)
		return -1;
	if (text.len || old->len)
		witness_note_text(path, str_text(&text), text.len);
	else
		witness_stat(path, &st);
	return 0;
}

static int
export_files(struct exporting *x, struct err *err)
{
	const struct pipeline *p = x->run->pipeline;
	cleanup_free char *list_path = path_join(x->dir, list_name);
	cleanup_str struct str old = STR_INIT;

	if (fs_recall(list_path, 1 << 20, &old) == 0)
		record_parse(&x->before, str_text(&old), old.len, NULL);
	for (size_t i = 0; i < p->exports.len; i++)
		if (export_one(x, &p->exports.v[i], err) < 0)
			return -1;
	return write_list(x, list_path, &old, err);
}

int
export_all(const struct run *r, const char *dir, struct exports *out, struct err *err)
{
	struct exporting x = { .run = r, .dir = dir, .before = RECORD_INIT,
		.list = RECORD_INIT, .out = out };
	cleanup_close int lock = -1;
	int result;

	if (!r->pipeline->exports.len)
		return 0;
	if (fs_mkdirs(dir, 0755, err) < 0)
		return -1;
	lock = lock_folder(dir);
	x.locked = lock >= 0;
	result = export_files(&x, err);
	record_release(&x.before);
	record_release(&x.list);
	return result;
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

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 *	msmv null run 1 SUM LENGTH     of all that follows
 *	QUESTION-LENGTH SAID-LENGTH KEYS
 *	question, what was said, a line for each key, then the witnesses
 *
 * The sum guards against a file that the power cut short, not against people.
 */
#include "store/null_run.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sum.h"
#include "base/witness.h"

enum { FILE_MAX = 64 * 1024 * 1024, DAY_SECONDS = 24 * 60 * 60 };

static const char prefix[] = "null-";

struct answer {
	struct str text;
	const char *question, *said, *keys;
	size_t question_len, said_len, nkeys;
	char *witnesses;
};

static char *
answer_path(const char *store, const char *recipe)
{
	return xasprintf("%s/runs/%s%016" PRIx64, store, prefix, sum64(recipe, strlen(recipe)));
}

/* ---- Reading --------------------------------------------------------- */

/* The text after "SUM LENGTH\n" if it is that, else NULL. */
static char *
whole(const struct str *text)
{
	uint64_t want;
	size_t len;
	int head = 0;

	if (sscanf(str_text(text), "msmv null run 1 %" SCNx64 " %zu%n", &want, &len, &head) != 2 ||
	    text->p[head] != '\n' || text->len - (size_t)head - 1 != len ||
	    sum64(text->p + head + 1, len) != want)
		return NULL;
	return text->p + head + 1;
}

static bool
read_answer(const char *path, struct answer *a)
{
	const char *body, *end;
	int head = 0;

	*a = (struct answer){ .text = STR_INIT };
	if (fs_recall(path, FILE_MAX, &a->text) < 0 || !(body = whole(&a->text)) ||
	    sscanf(body, "%zu %zu %zu%n", &a->question_len, &a->said_len, &a->nkeys, &head) != 3)
		return false;
	end = a->text.p + a->text.len;
	if (a->question_len > a->text.len || a->said_len > a->text.len ||
	    a->nkeys > a->text.len / SHA256_HEX || body[head] != '\n' ||
	    a->question_len + a->said_len + a->nkeys * SHA256_HEX >
		(size_t)(end - body - head - 1))
		return false;
	a->question = body + head + 1;
	a->said = a->question + a->question_len;
	a->keys = a->said + a->said_len;
	a->witnesses = a->text.p + (a->keys + a->nkeys * SHA256_HEX - a->text.p);
	return true;
}

/* The folder of a process in tmp: is it one that lives? */
static bool
is_held(int tmp, const char *name)
{
	cleanup_close int fd = openat(tmp, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0;
}

/*
 * Nobody who is gone left anything to clear up. Whoever makes a folder at this moment has
 * the lock of all of them until it has that one's.
 */
static bool
is_tidy(const char *store)
{
	cleanup_free char *path = path_join(store, "tmp");
	DIR *d = opendir(path);
	bool tidy = d != NULL, locked = false;

	for (struct dirent *e; tidy && (e = readdir(d));) {
		if (streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		locked = locked || flock(dirfd(d), LOCK_SH | LOCK_NB) == 0;
		tidy = locked && is_held(dirfd(d), e->d_name);
	}
	if (d)
		closedir(d);
	return tidy;
}

/* ---- When results were used ------------------------------------------ */

static void
each_key(const struct answer *a, int64_t used,
	void (*each)(void *arg, const char *key, int64_t used), void *arg)
{
	for (size_t i = 0; i < a->nkeys; i++) {
		char key[SHA256_HEX];

		memcpy(key, a->keys + i * SHA256_HEX, SHA256_HEX - 1);
		key[SHA256_HEX - 1] = '\0';
		if (sha256_valid(key))
			each(arg, key, used);
	}
}

static void
used_then(void *arg, const char *key, int64_t used)
{
	struct store store = { .dir = (char *)(uintptr_t)arg };

	store_touch_result(&store, key, used);
}

/* The answer is given now. False if that cannot be noted. */
static bool
use(const struct answer *a, const char *store, const char *path)
{
	time_t now = time(NULL);
	struct stat st;

	if (stat(path, &st) < 0 || utimensat(AT_FDCWD, path, NULL, 0) < 0)
		return false;
	if (st.st_mtime / DAY_SECONDS != now / DAY_SECONDS)
		each_key(a, now, used_then, (void *)(uintptr_t)store);
	return true;
}

/* ---- Asking ---------------------------------------------------------- */

bool
null_run_holds(const struct null_run *n, struct str *said)
{
	cleanup_free char *path = answer_path(n->store, n->recipe);
	struct answer a;
	bool holds = read_answer(path, &a) && a.question_len == n->question->len &&
		memcmp(a.question, n->question->p, a.question_len) == 0 && is_tidy(n->store) &&
		witnesses_hold(a.witnesses) && use(&a, n->store, path);

	if (holds)
		str_addn(said, a.said, a.said_len);
	str_release(&a.text);
	return holds;
}

/* ---- Keeping --------------------------------------------------------- */

void
null_run_keep(const struct store *s, const struct null_run *n, const struct str *said,
	const struct null_keys *keys)
{
	cleanup_free char *path = answer_path(n->store, n->recipe);
	cleanup_str struct str body = STR_INIT, text = STR_INIT;

	str_addf(&body, "%zu %zu %zu\n", n->question->len, said->len, keys->len);
	str_addn(&body, n->question->p, n->question->len);
	str_addn(&body, str_text(said), said->len);
	for (size_t i = 0; i < keys->len; i++)
		str_addf(&body, "%.*s\n", SHA256_HEX - 1, keys->v[i]);
	if (!witnesses_write(&body, n->store))
		return;
	str_addf(&text, "msmv null run 1 %016" PRIx64 " %zu\n", sum64(body.p, body.len), body.len);
	str_addn(&text, body.p, body.len);
	store_write(s, path, text.p, text.len, NULL);
}

/* ---- All of them ----------------------------------------------------- */

static void
each_of(const char *path, void (*each)(void *arg, const char *key, int64_t used), void *arg)
{
	struct answer a;
	struct stat st;

	if (read_answer(path, &a) && stat(path, &st) == 0)
		each_key(&a, st.st_mtime, each, arg);
	str_release(&a.text);
}

/* What is removed tells its results first. */
static void
retire(void *store, const char *path)
{
	each_of(path, used_then, store);
	unlink(path);
}

void
null_run_retire(const char *store, const char *recipe)
{
	cleanup_free char *path = answer_path(store, recipe);

	retire((void *)(uintptr_t)store, path);
}

/* Calls each for the path of every answer. */
static void
each_answer(const struct store *s, void (*each)(void *arg, const char *path), void *arg)
{
	cleanup_free char *runs = store_path(s, "runs");
	DIR *d = opendir(runs);

	for (struct dirent *e; d && (e = readdir(d));) {
		cleanup_free char *path = path_join(runs, e->d_name);

		if (str_starts(e->d_name, prefix))
			each(arg, path);
	}
	if (d)
		closedir(d);
}

struct visit {
	void (*each)(void *arg, const char *key, int64_t used);
	void *arg;
};

static void
visit(void *arg, const char *path)
{
	const struct visit *v = arg;

	each_of(path, v->each, v->arg);
}

void
null_runs_each(const struct store *s, void (*each)(void *arg, const char *key, int64_t used),
	void *arg)
{
	struct visit v = { each, arg };

	each_answer(s, visit, &v);
}

void
null_runs_retire(const struct store *s)
{
	each_answer(s, retire, s->dir);
}

static void
forget(void *arg, const char *path)
{
	const int64_t *before = arg;
	struct stat st;

	if (stat(path, &st) == 0 && st.st_mtime < *before)
		unlink(path);
}

void
null_runs_forget(const struct store *s, int64_t before)
{
	each_answer(s, forget, &before);
}

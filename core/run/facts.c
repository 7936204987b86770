/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An answer is kept under all that the question depends on, with its witnesses:
 * files (by identity) and tools (by where PATH leads and that file's identity). One
 * that rests on what was written just now says so and holds for once.
 */
#include "run/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "run/action.h"
#include "run/ask.h"
#include "run/spawn.h"
#include "wire/wire.h"

enum { FACTS_MAX = 1024 * 1024 };

static int
cache_path(struct context *ctx, const struct stage *s, char **out, struct err *err)
{
	cleanup_record struct record question = RECORD_INIT;
	char key[SHA256_HEX];

	if (action_begin(ctx, s, NULL, &question, err) < 0)
		return -1;
	action_key(&question, key);
	*out = xasprintf("%s/facts/%s", ctx->store.dir, key);
	return 0;
}

static bool
witness_holds(const char *what, const char *name, const char *identity)
{
	cleanup_free char *path = streq(what, "tool") ? fs_which(name, STAGE_PATH) : NULL;
	cleanup_free char *id = fs_identity(path ? path : name);
	cleanup_free char *now = NULL;

	if (streq(what, "path"))
		return streq(id, identity);
	now = path ? xasprintf("%s %s", path, id) : xstrdup("absent");
	return streq(now, identity);
}

/* The cache file: fact=FIELD value=V and what= name= identity=, then end=. */
static bool
read_cache(const char *path, struct record *out)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_record struct record r = RECORD_INIT;

	if (fs_recall(path, FACTS_MAX, &text) < 0 ||
	    record_parse(&r, str_text(&text), text.len, NULL) < 0)
		return false;
	if (!r.len || !streq(r.fields[r.len - 1].name, "end"))
		return false;
	for (size_t i = 0; i + 2 < r.len; i++)
		if (streq(r.fields[i].name, "what") &&
		    !witness_holds(r.fields[i].value, r.fields[i + 1].value,
			    r.fields[i + 2].value))
			return false;
	for (size_t i = 0; i + 1 < r.len; i++)
		if (streq(r.fields[i].name, "fact"))
			record_add(out, r.fields[i].value, r.fields[i + 1].value);
	return true;
}

/* What an answer is put together from. */
struct answer {
	struct record cache; /* as the cache file has it */
	struct record *out;
	struct problems *problems;
};

static void
take_frame(const struct record *frame, struct answer *a)
{
	const char *type = record_get(frame, "type");
	const char *field = record_get(frame, "field"), *value = record_get(frame, "value");
	const char *what = record_get(frame, "what"), *name = record_get(frame, "name");
	const char *identity = record_get(frame, "identity");

	if (type && streq(type, "fact") && field && value && !strpbrk(field, "=\n")) {
		record_add(&a->cache, "fact", field);
		record_add(&a->cache, "value", value);
		record_add(a->out, field, value);
	} else if (type && streq(type, "witness") && what && name && identity) {
		record_add(&a->cache, "what", what);
		record_add(&a->cache, "name", name);
		record_add(&a->cache, "identity", identity);
	} else if (type && streq(type, "problem")) {
		problems_take(a->problems, frame);
	}
}

/* Frames until the end; the result's message is the error. */
static int
collect(int wire, struct answer *a, struct err *err)
{
	struct wire_reader in = WIRE_READER_INIT;
	bool answered = false, late = false;
	int result = 0;

	for (;;) {
		cleanup_record struct record frame = RECORD_INIT;
		int got = wire_next(&in, &frame, err);
		const char *type;

		if (got < 0) {
			result = -1;
			break;
		}
		if (got == 0) {
			ssize_t n = wire_read(&in, wire);

			late = n < 0 && errno == EAGAIN;
			if (n <= 0)
				break;
			continue;
		}
		type = record_get(&frame, "type");
		if (type && streq(type, "result")) {
			answered = true;
			if (record_get(&frame, "message"))
				result = err_set(err, "%s", record_get(&frame, "message"));
		} else {
			take_frame(&frame, a);
		}
	}
	wire_release(&in);
	if (result < 0 || answered)
		return result;
	return err_set(err, late ? "the plugin gave no answer in time when it was asked about "
		"this machine (--timeout gives it more)" : "the plugin died while it was asked "
		"about this machine");
}

static int
ask(struct context *ctx, const struct stage *s, struct answer *a,
	struct err *err)
{
	cleanup_close int log = open("/dev/null", O_WRONLY | O_CLOEXEC);
	cleanup_free char *workdir = store_temp_dir(&ctx->store, err);
	struct timeval limit = { .tv_sec = ctx->timeout_s };
	struct worker_proc proc;
	struct request q;
	int result;

	if (!workdir)
		return -1;
	request_for(ctx, s, "facts", &q);
	q.workdir = xstrdup(workdir);
	result = worker_spawn(ctx, &q, NULL, log, NULL, &proc, err);
	request_release(&q);
	if (result == 0) {
		setsockopt(proc.wire, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		result = collect(proc.wire, a, err);
		close(proc.wire);
		kill(-proc.pid, SIGKILL); /* it has answered, or never will */
		waitpid(proc.pid, NULL, 0);
	}
	fs_remove(workdir, NULL);
	return result;
}

/* What the plugin looks at is not seen here, unless it is what the answer names. */
static void
note(const char *path)
{
	cleanup_record struct record again = RECORD_INIT;

	if (!witnesses_wanted() || read_cache(path, &again))
		return;
	witnesses_spoil();
}

int
facts_get(struct context *ctx, const struct stage *s, struct record *out,
	struct problems *problems, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_str struct str text = STR_INIT;
	struct answer a = { RECORD_INIT, out, problems };
	int result;

	if (!s->plugin->wants_facts)
		return 0;
	if (cache_path(ctx, s, &path, err) < 0)
		return -1;
	if (read_cache(path, out))
		return 0;
	result = ask(ctx, s, &a, err);
	record_add(&a.cache, "end", ""); /* what was cut off must not pass for all of it */
	record_write(&a.cache, &text);
	record_release(&a.cache);
	if (result < 0 || store_write(&ctx->store, path, text.p, text.len, err) < 0) {
		witnesses_spoil();
		return -1;
	}
	note(path);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Starting a stage's worker, listening to it, and clearing up after it. */
#include "run/job.h"

#include <errno.h>
#include <fcntl.h>
#include <msmv/plugin.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/ask.h"
#include "run/sandbox.h"

int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
job_fail(struct job *j, const char *fmt, ...)
{
	struct str s = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&s, fmt, ap);
	va_end(ap);
	j->state = JOB_FAILED;
	if (j->message)
		str_release(&s);
	else
		j->message = str_take(&s);
}

/* Fields of one output stand together: out=PORT digest= size= file= */
const char *
job_output(const struct job *j, const char *port, const char *what)
{
	for (size_t i = 0; i < j->result.len; i++) {
		if (!streq(j->result.fields[i].name, "out") ||
		    !streq(j->result.fields[i].value, port))
			continue;
		for (i++; i < j->result.len && !streq(j->result.fields[i].name, "out"); i++)
			if (streq(j->result.fields[i].name, what))
				return j->result.fields[i].value;
	}
	return NULL;
}

const char *
job_input_file(const struct job *j, size_t i, const struct job *producer)
{
	const struct stage_input *in = &j->stage->inputs.v[i];
	const struct port_info *port = plugin_input(j->stage->plugin, in->port);

	if (!port || !(port->flags & MSMV_PORT_NAMED))
		return NULL;
	return in->file ? in->file : job_output(producer, in->from_port, "file");
}

static void
add_inputs(struct context *ctx, struct job *j, struct job *const *producers,
	struct request *q)
{
	for (size_t i = 0; i < j->stage->inputs.len; i++) {
		const struct stage_input *in = &j->stage->inputs.v[i];
		const char *digest = job_output(producers[i], in->from_port, "digest");
		const char *file = job_input_file(j, i, producers[i]);
		cleanup_free char *path = digest ? store_blob_path(&ctx->store, digest) : NULL;

		if (!path)
			continue;
		request_add_input(q, in->port, in->from_stage, path);
		request_set_digest(q, digest);
		if (file)
			request_set_file(q, file);
	}
}

static void
add_outputs(struct job *j, struct request *q)
{
	const struct plugin_info *p = j->stage->plugin;

	for (size_t i = 0; i < p->outputs.len; i++) {
		cleanup_free char *path = xasprintf("%s/out.%s", j->dir, p->outputs.v[i].name);

		request_add_output(q, p->outputs.v[i].name, path);
	}
}

/* The recipe's log of the stage, emptied, if no other process has it: -1. */
static int
take_log(const char *path)
{
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	struct stat st;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &st) < 0 || !st.st_nlink ||
	    ftruncate(fd, 0) < 0)
		return -1;
	return take_fd(fd);
}

/*
 * A run of the same recipe in another process may log the same stage. Whoever comes second
 * writes a file of its own, which takes the place of the recipe's log at its end; what is
 * stored is read through the descriptor, so that each stores what it wrote.
 */
static int
open_log(struct job *j, struct err *err)
{
	j->log_fd = take_log(j->log_path);
	if (j->log_fd < 0) {
		j->own_log = xasprintf("%s.log", j->dir);
		j->log_fd = open(j->own_log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	}
	if (j->log_fd < 0)
		return err_errno(err, "create %s", j->own_log);
	j->live_log = xasprintf("/proc/self/fd/%d", j->log_fd);
	return 0;
}

/* Of another attempt: the result's own is in the store. But not one that is written. */
void
job_forget_log(const struct job *j)
{
	cleanup_close int fd = open(j->log_path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlink(j->log_path);
}

static void
close_log(struct job *j)
{
	if (j->own_log && rename(j->own_log, j->log_path) < 0)
		unlink(j->own_log);
	if (j->log_fd >= 0)
		close(j->log_fd);
	free(j->own_log);
	free(j->live_log);
	j->log_fd = -1;
	j->own_log = j->live_log = NULL;
}

/* Outside of a sandbox the worker is started as it is. */
static int
spawn(struct context *ctx, struct job *j, struct request *q, const int *tokens, struct err *err)
{
	struct words inside = WORDS_INIT;
	int result = 0;

	if (ctx->sandbox)
		result = loans_open(&j->loans, &ctx->store, j->dir, err);
	if (j->loans.into) {
		free(q->scratch);
		q->scratch = xstrdup(j->loans.into);
	}
	if (ctx->sandbox && result == 0)
		result = sandbox_enter(ctx, j->stage, j->dir, q, &inside, err);
	if (result == 0)
		result = worker_spawn(ctx, q, inside.v, j->log_fd, tokens, &j->proc, err);
	words_release(&inside);
	return result;
}

static void
set_limits(const struct context *ctx, struct job *j, struct request *q)
{
	int64_t seconds;

	limits_for(ctx->limits, j->stage, &j->limits);
	seconds = j->limits.time && !ctx->timeout_given ? j->limits.time : ctx->timeout_s;
	j->deadline_ms = seconds ? j->started_ms + seconds * 1000 : 0;
	j->watch_ms = limits_watch(&j->limits) ? j->started_ms : 0;
	q->memory = j->limits.memory;
	q->processes = j->limits.processes;
}

int
job_start(struct context *ctx, struct job *j, struct job *const *producers,
	const int *tokens, struct err *err)
{
	struct request q;
	int result = 0;

	if (sandbox_prove(ctx, err) < 0)
		return -1;
	j->dir = store_temp_dir(&ctx->store, err);
	if (!j->dir || open_log(j, err) < 0)
		return -1;
	request_for(ctx, j->stage, "run", &q);
	q.workdir = xasprintf("%s/work", j->dir);
	add_inputs(ctx, j, producers, &q);
	add_outputs(j, &q);
	if (mkdir(q.workdir, 0755) < 0)
		result = err_errno(err, "mkdir %s", q.workdir);
	j->started_ms = clock_ms();
	set_limits(ctx, j, &q);
	if (result == 0)
		result = spawn(ctx, j, &q, tokens, err);
	request_release(&q);
	if (result < 0)
		return -1;
	/* Whoever the worker left behind may hold its end: reading must not wait. */
	fcntl(j->proc.wire, F_SETFL, O_NONBLOCK);
	j->state = JOB_RUNNING;
	return 0;
}

static void
take_result(struct job *j, const struct record *r)
{
	const char *status = record_get(r, "status");
	const char *message = record_get(r, "message");

	j->answered = true;
	j->answered_ok = status && streq(status, "ok");
	if (message && !j->message)
		j->message = xstrdup(message);
	j->fail_code = (int)record_get_int(r, "code", 0);
	j->peak_kb = (long)record_get_int(r, "peak_kb", 0);
	for (size_t i = 0; i + 1 < r->len; i++)
		if (streq(r->fields[i].name, "name.port") &&
		    streq(r->fields[i + 1].name, "name.file"))
			record_add(&j->names, r->fields[i].value, r->fields[i + 1].value);
}

static void
take_frame(struct job *j, const struct record *r)
{
	const char *type = record_get(r, "type"), *text = record_get(r, "text");

	if (type && streq(type, "result")) {
		take_result(j, r);
	} else if (type && streq(type, "note") && text) {
		free(j->note);
		j->note = xstrdup(text);
	} else if (type && streq(type, "problem")) {
		problems_take(&j->problems, r);
	} else if (type && streq(type, "scratch")) {
		loan_ask(&j->loans, r);
	}
}

bool
job_read(struct job *j, void (*frame)(void *arg, struct job *j, const struct record *r),
	void *arg)
{
	ssize_t n = wire_read(&j->in, j->proc.wire);
	struct err err = ERR_INIT;
	int got;

	for (;;) {
		cleanup_record struct record r = RECORD_INIT;

		got = j->broken ? 0 : wire_next(&j->in, &r, &err);
		if (got <= 0)
			break;
		take_frame(j, &r);
		frame(arg, j, &r);
	}
	if (got < 0)
		j->broken = true;
	err_clear(&err);
	return n > 0;
}

/*
 * The folders stay, empty, until the store is closed: ext4 looks at each file that was
 * removed in the last minute before it makes one, which is slow when they are thousands.
 */
static void
clear_folders(const char *dir)
{
	cleanup_free char *copies = xasprintf("%s.files", dir);
	cleanup_free char *work = path_join(dir, "work");

	fs_empty(work, NULL);
	fs_empty(dir, "work");
	fs_remove(copies, NULL);
}

void
job_clean(struct job *j)
{
	loans_close(&j->loans);
	if (j->dir)
		clear_folders(j->dir);
	free(j->dir);
	j->dir = NULL;
	batch_release(&j->batch);
	close_log(j);
	if (j->proc.wire >= 0)
		close(j->proc.wire);
	j->proc.wire = -1;
}

void
job_release(struct job *j)
{
	job_clean(j);
	record_release(&j->facts);
	record_release(&j->action);
	record_release(&j->result);
	record_release(&j->names);
	record_release(&j->reading);
	problems_release(&j->problems);
	wire_release(&j->in);
	str_release(&j->published);
	free(j->why);
	free(j->message);
	free(j->note);
	free(j->over);
	free(j->log_path);
}

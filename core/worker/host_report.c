/* SPDX-License-Identifier: GPL-3.0-only */
/* Services that tell: log, progress, note, failure, problems of the recipe. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "worker/worker.h"

enum { PROGRESS_EVERY_MS = 100 };

static const struct {
	int level;
	const char *name;
} levels[] = {
	{ MSMV_LOG_ERROR, "error" },
	{ MSMV_LOG_WARNING, "warning" },
	{ MSMV_LOG_INFO, "info" },
	{ MSMV_LOG_DEBUG, "debug" },
};

static const char *
level_name(int level)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (level <= levels[i].level)
			return levels[i].name;
	return "debug";
}

static char *format(const char *fmt, va_list ap) MSMV_PRINTF(1, 0);
static void log_line(struct msmv_stage *s, int level, const char *fmt, ...)
	MSMV_PRINTF(3, 4);
static void note(struct msmv_stage *s, const char *fmt, ...) MSMV_PRINTF(2, 3);
static int fail(struct msmv_stage *s, int code, const char *fmt, ...) MSMV_PRINTF(3, 4);

static char *
format(const char *fmt, va_list ap)
{
	struct str s = STR_INIT;

	str_vaddf(&s, fmt, ap);
	return str_take(&s);
}

static void
send_text(struct worker *w, const char *type, const char *text)
{
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "type", type);
	record_add(&r, "text", text);
	worker_send(w, &r);
}

static void
log_line(struct msmv_stage *s, int level, const char *fmt, ...)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s: %s\n", level_name(level), text);
	if (level > MSMV_LOG_WARNING)
		return;
	record_add(&r, "type", "log");
	record_add(&r, "level", level_name(level));
	record_add(&r, "text", text);
	worker_send(worker_of(s), &r);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
progress(struct msmv_stage *s, uint64_t done, uint64_t total, const char *what)
{
	struct worker *w = worker_of(s);
	cleanup_record struct record r = RECORD_INIT;
	int64_t now = now_ms();

	if (w->progress_ms && now - w->progress_ms < PROGRESS_EVERY_MS)
		return;
	w->progress_ms = now;
	record_add(&r, "type", "progress");
	record_add_int(&r, "done", (int64_t)done);
	record_add_int(&r, "total", (int64_t)total);
	record_add(&r, "what", what ? what : "");
	worker_send(w, &r);
}

static void
note(struct msmv_stage *s, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	send_text(worker_of(s), "note", text);
}

static int
record_failure(struct worker *w, int code, char *text)
{
	if (w->failed) {
		free(text);
		return -1;
	}
	w->failed = true;
	w->fail_code = code;
	w->fail_text = text;
	fprintf(stderr, "failed: %s\n", text);
	return -1;
}

static int
fail(struct msmv_stage *s, int code, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	return record_failure(worker_of(s), code, text);
}

int
worker_fail(struct worker *w, int code, struct err *err)
{
	int bad = record_failure(w, code, xstrdup(err_msg(err)));

	err_clear(err);
	return bad;
}

static void
add_if(struct record *r, const char *name, const char *value)
{
	if (value)
		record_add(r, name, value);
}

static int
problem(struct msmv_stage *s, const char *option, const char *item, const char *text,
	const char *hint)
{
	struct worker *w = worker_of(s);
	cleanup_record struct record r = RECORD_INIT;

	text = text ? text : "is wrong";
	record_add(&r, "type", "problem");
	record_add(&r, "text", text);
	add_if(&r, "option", option);
	add_if(&r, "item", item);
	add_if(&r, "hint", hint);
	worker_send(w, &r);
	if (w->failed)
		fprintf(stderr, "failed: %s\n", text);
	return record_failure(w, MSMV_FAIL_RECIPE, xstrdup(text));
}

static int
cancelled(struct msmv_stage *s)
{
	(void)s;
	return worker_cancelled();
}

void
host_report_fill(struct msmv_host *h)
{
	h->log = log_line;
	h->progress = progress;
	h->note = note;
	h->fail = fail;
	h->cancelled = cancelled;
	h->problem = problem;
}

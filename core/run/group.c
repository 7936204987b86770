/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The child says in a file of memory, which takes whatever it has to say, what was wrong with
 * which and last how many there were: "I=PROBLEM", "done=N".
 */
#include "run/group.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/inputs.h"

/* Each has a log, a claim and perhaps its worker's end open. */
enum {
	FULL = 64,
	ENOUGH = 32,  /* to be worth a child */
	WAIT_MS = 50, /* for company */
	SAID_MAX = 1024 * 1024,
};

void
group_add(struct group *g, struct job *j)
{
	if (!g->waiting.len)
		g->due_ms = clock_ms() + WAIT_MS;
	j->state = JOB_PUBLISHING;
	vec_push(&g->waiting, j);
	if (j->node->users.len || g->waiting.len >= ENOUGH)
		g->due_ms = 0;
}

bool
group_is_full(const struct group *g)
{
	return g->waiting.len >= FULL;
}

int64_t
group_wake_ms(const struct group *g)
{
	return g->waiting.len && !g->child ? g->due_ms : INT64_MAX;
}

static void
publish(struct context *ctx, const group_jobs *jobs)
{
	struct batch **v = xcalloc(jobs->len, sizeof(struct batch *));

	for (size_t i = 0; i < jobs->len; i++)
		v[i] = &jobs->v[i]->batch;
	batches_publish(v, jobs->len);
	for (size_t i = 0; i < jobs->len; i++)
		job_explain_full(ctx, &v[i]->problem);
	free(v);
}

static void
settle(struct context *ctx, group_jobs *jobs, const struct record *said, group_jobs *out)
{
	bool ended = record_get_int(said, "done", -1) == (int64_t)jobs->len;

	for (size_t i = 0; i < jobs->len; i++) {
		cleanup_free char *number = xasprintf("%zu", i);
		const char *problem = record_get(said, number);
		struct job *j = jobs->v[i];

		if (!ended || problem) {
			job_fail(j, "cannot store its outputs: %s",
				problem ? problem : "the publisher died");
		} else {
			j->state = JOB_DONE;
			outputs_trust(ctx, j);
		}
		vec_push(out, j);
	}
	jobs->len = 0;
}

static void
report(const group_jobs *jobs, struct record *said)
{
	for (size_t i = 0; i < jobs->len; i++) {
		cleanup_free char *number = xasprintf("%zu", i);

		if (jobs->v[i]->batch.problem.msg)
			record_add(said, number, err_msg(&jobs->v[i]->batch.problem));
	}
	record_add_int(said, "done", (int64_t)jobs->len);
}

static void
publish_in_child(struct context *ctx, const group_jobs *jobs, int fd)
{
	cleanup_record struct record said = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;

	publish(ctx, jobs);
	report(jobs, &said);
	record_write(&said, &text);
	fs_write_all(fd, text.p, text.len, NULL);
	_exit(0);
}

static bool
start_child(struct context *ctx, struct group *g)
{
	cleanup_close int fd = memfd_create("published", MFD_CLOEXEC);

	if (fd < 0)
		return false;
	g->child = fork();
	if (g->child == 0)
		publish_in_child(ctx, &g->waiting, fd);
	if (g->child < 0) {
		g->child = 0;
		return false;
	}
	g->fd = take_fd(fd);
	return true;
}

void
group_start(struct context *ctx, struct group *g, bool alone, group_jobs *out)
{
	cleanup_record struct record said = RECORD_INIT;
	group_jobs next = g->waiting;

	if (g->child || !next.len || (!alone && clock_ms() < g->due_ms))
		return;
	if (start_child(ctx, g)) {
		g->waiting = g->with; /* which is empty */
		g->with = next;
		return;
	}
	publish(ctx, &g->waiting);
	report(&g->waiting, &said);
	settle(ctx, &g->waiting, &said, out);
}

void
group_end(struct context *ctx, struct group *g, int status, group_jobs *out)
{
	cleanup_record struct record said = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;

	/* Where it wrote is where it is read: the two have one position. */
	if (status != 0 || lseek(g->fd, 0, SEEK_SET) != 0 ||
	    fs_read_fd(g->fd, "publisher", SAID_MAX, &text, NULL) < 0 ||
	    record_parse(&said, str_text(&text), text.len, NULL) < 0)
		record_release(&said);
	close(g->fd);
	g->fd = -1;
	g->child = 0;
	settle(ctx, &g->with, &said, out);
}

void
group_release(struct group *g)
{
	vec_release(&g->waiting);
	vec_release(&g->with);
}

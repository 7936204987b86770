/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From a stage's folder to the store: the log and the outputs as blobs, then the
 * record. Large outputs are hashed in a child, so that the loop goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/inputs.h"

enum { INLINE_MAX = 1024 * 1024, EXIT_DAMAGED = 3 };

static uint64_t
total_size(const struct job *j)
{
	const struct plugin_info *p = j->stage->plugin;
	uint64_t sum = 0;

	for (size_t i = 0; i < p->outputs.len; i++) {
		cleanup_free char *path = xasprintf("%s/out.%s", j->dir, p->outputs.v[i].name);
		struct stat st;

		if (stat(path, &st) == 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
}

static int
add_output(struct context *ctx, struct job *j, const struct port_info *port,
	struct record *out, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/out.%s", j->dir, port->name);
	const char *file = record_get(&j->names, port->name);
	char digest[SHA256_HEX];
	uint64_t size;

	if (!fs_exists(path))
		return 0;
	if (store_add_blob(&ctx->store, &j->batch, path, digest, &size, err) < 0)
		return -1;
	record_add(out, "out", port->name);
	record_add(out, "digest", digest);
	record_add_int(out, "size", (int64_t)size);
	record_addf(out, "kind", "%u", port->kind);
	record_add(out, "file", file ? file : port->filename ? port->filename : port->name);
	return 0;
}

static int
add_log(struct context *ctx, struct job *j, struct record *out, struct err *err)
{
	cleanup_free char *copy = path_join(j->dir, "log");
	char digest[SHA256_HEX];
	uint64_t size;

	/* Many a log says what another said. */
	if (sha256_file(j->live_log, digest, &size, err) < 0)
		return -1;
	if ((!store_has_blob(&ctx->store, digest, size) || stored_check(ctx, digest, NULL) < 0) &&
	    (fs_copy(j->live_log, copy, 0644, err) < 0 ||
		    store_add_blob(&ctx->store, &j->batch, copy, digest, &size, err) < 0))
		return -1;
	record_add(out, "log", digest);
	return 0;
}

static void
add_action(const struct job *j, struct record *out)
{
	for (size_t i = 0; i < j->action.len; i++) {
		cleanup_free char *name = xasprintf("action.%s", j->action.fields[i].name);

		record_add(out, name, j->action.fields[i].value);
	}
}

/* All that its result is, up to the names in the store. */
static int
collect_all(struct context *ctx, struct job *j, struct record *out, struct err *err)
{
	const struct plugin_info *p = j->stage->plugin;

	if (inputs_check(ctx, j, err) < 0)
		return err_wrap(err, "of its inputs");

	record_add(out, "stage", j->stage->name);
	record_add_int(out, "duration_ms", j->ended_ms - j->started_ms);
	record_add_int(out, "peak_kb", j->peak_kb);
	record_add(out, "sandbox", ctx->sandbox ? "on" : "off");
	if (j->note)
		record_add(out, "note", j->note);
	if (add_log(ctx, j, out, err) < 0)
		return -1;
	for (size_t i = 0; i < p->outputs.len; i++)
		if (add_output(ctx, j, &p->outputs.v[i], out, err) < 0)
			return -1;
	add_action(j, out);
	return store_add_result(&ctx->store, &j->batch, j->key, out, err);
}

/* A full disk is the one failure that a person can mend, so it is said in full. */
void
job_explain_full(const struct context *ctx, struct err *err)
{
	if (err->code != ENOSPC && err->code != EDQUOT)
		return;
	err_clear(err);
	err_set(err, "the disk with the store %s is full: make room there, then run again",
		ctx->store.dir);
}

static int
collect(struct context *ctx, struct job *j, struct record *out, struct err *err)
{
	if (collect_all(ctx, j, out, err) == 0)
		return 0;
	job_explain_full(ctx, err);
	return -1;
}

static int
publish(struct context *ctx, struct job *j, struct err *err)
{
	cleanup_record struct record out = RECORD_INIT;

	if (collect(ctx, j, &out, err) < 0)
		return -1;
	if (batch_publish(&j->batch, err) == 0)
		return 0;
	job_explain_full(ctx, err);
	return -1;
}

/* In the child: "ok" or the error, for the parent; a damaged input is told by its code. */
static void
publish_in_child(struct context *ctx, struct job *j, int fd)
{
	struct err err = ERR_INIT;
	const char *text = publish(ctx, j, &err) == 0 ? "ok" : err_msg(&err);

	fs_write_all(fd, text, strlen(text), NULL);
	_exit(err.code == INPUTS_DAMAGED ? EXIT_DAMAGED : 0);
}

static bool
start_child(struct context *ctx, struct job *j)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	inputs_note(ctx, j, &j->reading);
	j->publisher = fork();
	if (j->publisher == 0)
		publish_in_child(ctx, j, fds[1]);
	close(fds[1]);
	if (j->publisher < 0) {
		close(fds[0]);
		return false;
	}
	j->publish_fd = fds[0];
	j->state = JOB_PUBLISHING;
	return true;
}

static void
failed(struct job *j, const char *why, bool damaged)
{
	j->damaged = damaged;
	if (damaged)
		job_fail(j, "%s", why);
	else
		job_fail(j, "cannot store its outputs: %s", why);
}

bool
job_publish(struct context *ctx, struct job *j)
{
	struct err err = ERR_INIT;

	if (total_size(j) + inputs_unread(ctx, j) > INLINE_MAX && start_child(ctx, j))
		return true;
	record_release(&j->result);
	if (collect(ctx, j, &j->result, &err) < 0)
		failed(j, err_msg(&err), err.code == INPUTS_DAMAGED);
	err_clear(&err);
	return false;
}

bool
job_publish_read(struct job *j)
{
	char buf[4096];
	ssize_t n = read(j->publish_fd, buf, sizeof(buf));

	if (n > 0)
		str_addn(&j->published, buf, (size_t)n);
	return n > 0;
}

void
job_publish_end(struct context *ctx, struct job *j, int status)
{
	while (job_publish_read(j))
		;
	close(j->publish_fd);
	j->publish_fd = -1;
	record_release(&j->result);
	if (status == 0 && streq(str_text(&j->published), "ok") &&
	    store_get_result(&ctx->store, j->key, &j->result)) {
		j->state = JOB_DONE;
		inputs_trust(ctx, &j->reading);
		outputs_trust(ctx, j);
		return;
	}
	failed(j, j->published.len ? j->published.p : "the publisher died",
		WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DAMAGED);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Services that give places on disk: outputs, work folder, scratch, unpacking. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "wire/wire.h"
#include "worker/worker.h"

static const char *
output_path(struct msmv_stage *s, const char *port)
{
	struct worker *w = worker_of(s);

	for (size_t i = 0; i < w->request.outputs.len; i++)
		if (streq(w->request.outputs.v[i].port, port))
			return w->request.outputs.v[i].path;
	s->host->fail(s, MSMV_FAIL_SYSTEM, "the plugin has no output port %s", port);
	return NULL;
}

static int
output_name(struct msmv_stage *s, const char *port, const char *filename)
{
	struct worker *w = worker_of(s);

	if (!path_is_clean(filename) || strchr(filename, '/'))
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "bad output file name '%s'", filename);
	record_add(&w->names, port, filename);
	return 0;
}

static const char *
workdir(struct msmv_stage *s)
{
	return worker_of(s)->request.workdir;
}

static int64_t
epoch(struct msmv_stage *s)
{
	return worker_of(s)->request.epoch;
}

/* The lock is beside the folder, so that the folder itself can be removed under it. */
static int
lock_scratch(struct worker *w, const char *dir, struct err *err)
{
	cleanup_free char *path = xasprintf("%s.lock", dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_errno(err, "open %s", path);
	while (flock(fd, LOCK_EX) < 0) {
		if (errno != EINTR || worker_cancelled()) {
			close(fd);
			return err_errno(err, "lock %s", path);
		}
	}
	(void)futimens(fd, NULL); /* when it was used last */
	vec_push(&w->locks, fd);
	return 0;
}

/* In a sandbox others' folders are out of sight: the engine brings ours in, when it is free. */
static int
borrow_scratch(struct worker *w, const char *hex, struct err *err)
{
	cleanup_record struct record question = RECORD_INIT, reply = RECORD_INIT;
	struct wire_reader in = WIRE_READER_INIT;
	const char *problem;
	int got;

	record_add(&question, "type", "scratch");
	record_add(&question, "folder", hex);
	worker_send(w, &question);
	while ((got = wire_next(&in, &reply, err)) == 0)
		if (wire_read(&in, w->wire) <= 0)
			got = err_set(err, "the engine did not answer");
	wire_release(&in);
	problem = got > 0 ? record_get(&reply, "problem") : NULL;
	return problem ? err_set(err, "%s", problem) : got < 0 ? -1 : 0;
}

static int
take_scratch(struct worker *w, const char *hex, const char *dir, struct err *err)
{
	if (w->request.lent)
		return borrow_scratch(w, hex, err);
	if (fs_mkdirs(w->request.scratch, 0755, err) < 0 || lock_scratch(w, dir, err) < 0)
		return -1;
	return fs_mkdirs(dir, 0755, err);
}

static const char *
scratch(struct msmv_stage *s, const char *key)
{
	struct worker *w = worker_of(s);
	char hex[SHA256_HEX];
	char *dir;
	struct err err = ERR_INIT;

	sha256_bytes(key, strlen(key), hex);
	hex[32] = '\0';
	dir = xasprintf("%s/%s", w->request.scratch, hex);
	for (size_t i = 0; i < w->kept.len; i++) {
		if (streq(w->kept.v[i], dir)) {
			free(dir);
			return w->kept.v[i];
		}
	}
	if (take_scratch(w, hex, dir, &err) < 0) {
		worker_fail(w, MSMV_FAIL_SYSTEM, &err);
		free(dir);
		return NULL;
	}
	return worker_keep(w, dir);
}

/* A blob's path says nothing to a person; which stage made it does. */
static const char *
archive_name(struct worker *w, const char *archive)
{
	for (size_t i = 0; i < w->request.inputs.len; i++)
		if (streq(w->request.inputs.v[i].path, archive))
			return worker_keep(w, xasprintf("what %s made",
				w->request.inputs.v[i].from));
	return archive;
}

/* The cause without the path in front of it. */
static const char *
without(const char *text, const char *path)
{
	size_t n = strlen(path);

	return strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0 ? text + n + 2
									       : text;
}

/* In a process of its own: what reads foreign archives shall not crash the stage. */
static int
unpack(struct msmv_stage *s, const char *archive, const char *dir, int strip)
{
	struct worker *w = worker_of(s);
	cleanup_free char *reason = xasprintf("%s/.unpack-error", w->request.workdir);
	const char *argv[] = { w->request.unpacker, strip ? "--strip" : "--keep", archive, dir,
		reason, NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = argv };
	cleanup_str struct str text = STR_INIT;
	const char *name = archive_name(w, archive);
	int status = s->host->run(s, &c);

	if (status == 0)
		return 0;
	if (status > 0 && fs_read(reason, 65536, &text, NULL) == 0 && text.len)
		return s->host->fail(s, MSMV_FAIL_INPUT, "cannot unpack %s: %s", name,
			without(text.p, archive));
	return s->host->fail(s, MSMV_FAIL_INPUT, "cannot unpack %s: it ended with status %d",
		name, status);
}

void
host_place_fill(struct msmv_host *h)
{
	h->output_path = output_path;
	h->output_name = output_name;
	h->workdir = workdir;
	h->scratch = scratch;
	h->unpack = unpack;
	h->epoch = epoch;
}

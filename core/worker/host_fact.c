/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Facts about this machine, each with what it rests on: the engine keeps them
 * until one of those files changes, so that asking again costs a stat.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "worker/worker.h"

static int
facts_only(struct msmv_stage *s)
{
	if (streq(worker_of(s)->request.mode, "facts"))
		return 0;
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "the plugin states a fact outside facts()");
}

static int
fact(struct msmv_stage *s, const char *field, const char *value)
{
	cleanup_record struct record r = RECORD_INIT;

	if (facts_only(s) < 0)
		return -1;
	if (!*field || strpbrk(field, "=\n"))
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "the plugin states a fact with the "
			"bad name '%s'", field);
	record_add(&r, "type", "fact");
	record_add(&r, "field", field);
	record_add(&r, "value", value);
	worker_send(worker_of(s), &r);
	return 0;
}

/* what: "path" or "tool"; a tool's identity also holds where PATH leads. */
static void
witness(struct worker *w, const char *what, const char *name, const char *identity)
{
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "type", "witness");
	record_add(&r, "what", what);
	record_add(&r, "name", name);
	record_add(&r, "identity", identity);
	worker_send(w, &r);
}

/* What was written just now may be written once more and keep its times: never the same. */
static char *
settled_identity(const char *path)
{
	time_t looked = time(NULL);
	struct stat st;

	if (stat(path, &st) < 0)
		return xstrdup("absent");
	return fs_is_settled(&st, looked) ? fs_identity_of(&st) : xstrdup("new");
}

static int
fact_witness(struct msmv_stage *s, const char *path)
{
	cleanup_free char *id = settled_identity(path);

	if (facts_only(s) < 0)
		return -1;
	witness(worker_of(s), "path", path, id);
	return 0;
}

static void
witness_tool(struct worker *w, const char *tool, const char *path)
{
	cleanup_free char *id = path ? settled_identity(path) : NULL;
	cleanup_free char *both = path ? xasprintf("%s %s", path, id) : xstrdup("absent");

	witness(w, "tool", tool, both);
}

static int
fact_tool(struct msmv_stage *s, const char *field, const char *tool, const char *arg)
{
	cleanup_free char *path = fs_which(tool, getenv("PATH"));
	const char *argv[] = { tool, arg, NULL };
	char *out = NULL;
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = argv, .output = &out, .timeout_s = 30 };

	if (facts_only(s) < 0)
		return -1;
	witness_tool(worker_of(s), tool, path);
	if (!path)
		return s->host->fail(s, MSMV_FAIL_TOOL, "%s is not installed", tool);
	if (s->host->run(s, &c) != 0 || !out)
		return s->host->fail(s, MSMV_FAIL_TOOL, "%s %s fails", tool, arg);
	out[strcspn(out, "\n")] = '\0';
	return fact(s, field, out);
}

static int
fact_file(struct msmv_stage *s, const char *field, const char *path)
{
	struct err err = ERR_INIT;
	char hex[SHA256_HEX];
	struct stat st;

	if (fact_witness(s, path) < 0)
		return -1;
	/* A pipe or /dev/zero would be read for ever. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return s->host->fail(s, MSMV_FAIL_INPUT, "%s is not a regular file", path);
	if (sha256_file(path, hex, NULL, &err) < 0)
		return worker_fail(worker_of(s), MSMV_FAIL_INPUT, &err);
	return fact(s, field, hex);
}

void
host_fact_fill(struct msmv_host *h)
{
	h->fact = fact;
	h->fact_tool = fact_tool;
	h->fact_file = fact_file;
	h->fact_witness = fact_witness;
}

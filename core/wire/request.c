/* SPDX-License-Identifier: GPL-3.0-only */
/* One place that knows how a request is spelt, used by both ends. */
#include "wire/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
request_add_option(struct request *q, const char *name, const char *key, const char *value)
{
	struct request_option o = { xstrdup(name), xstrdup(key), xstrdup(value) };

	vec_push(&q->options, o);
}

void
request_add_input(struct request *q, const char *port, const char *from, const char *path)
{
	struct request_input i = { xstrdup(port), xstrdup(from), xstrdup(path), NULL, NULL };

	vec_push(&q->inputs, i);
}

void
request_set_digest(struct request *q, const char *digest)
{
	struct request_input *last = &q->inputs.v[q->inputs.len - 1];

	free(last->digest);
	last->digest = xstrdup(digest);
}

void
request_set_file(struct request *q, const char *file)
{
	struct request_input *last = &q->inputs.v[q->inputs.len - 1];

	free(last->file);
	last->file = xstrdup(file);
}

void
request_add_output(struct request *q, const char *port, const char *path)
{
	struct request_output o = { xstrdup(port), xstrdup(path) };

	vec_push(&q->outputs, o);
}

static void
add_text(struct record *out, const char *name, const char *value)
{
	if (value)
		record_add(out, name, value);
}

static void
add_group(struct record *out, const char *prefix, const struct record *group)
{
	for (size_t i = 0; i < group->len; i++) {
		cleanup_free char *name = xasprintf("%s.%s", prefix, group->fields[i].name);

		record_add(out, name, group->fields[i].value);
	}
}

void
request_write(const struct request *q, struct record *out)
{
	record_add(out, "type", "request");
	add_text(out, "mode", q->mode);
	add_text(out, "stage", q->stage);
	add_text(out, "plugin", q->plugin);
	add_text(out, "plugin.digest", q->digest);
	add_text(out, "workdir", q->workdir);
	add_text(out, "scratch", q->scratch);
	record_add_int(out, "lent", q->lent);
	add_text(out, "unpacker", q->unpacker);
	record_add_int(out, "epoch", q->epoch);
	record_add_int(out, "jobs", q->jobs);
	record_add_int(out, "memory", q->memory);
	record_add_int(out, "processes", q->processes);
	for (size_t i = 0; i < q->options.len; i++) {
		record_add(out, "option", q->options.v[i].name);
		record_add(out, "key", q->options.v[i].key);
		record_add(out, "value", q->options.v[i].value);
	}
	for (size_t i = 0; i < q->inputs.len; i++) {
		record_add(out, "input", q->inputs.v[i].port);
		record_add(out, "from", q->inputs.v[i].from);
		record_add(out, "path", q->inputs.v[i].path);
		add_text(out, "digest", q->inputs.v[i].digest);
		add_text(out, "file", q->inputs.v[i].file);
	}
	for (size_t i = 0; i < q->outputs.len; i++) {
		record_add(out, "output", q->outputs.v[i].port);
		record_add(out, "path", q->outputs.v[i].path);
	}
	add_group(out, "arch", &q->arch);
	add_group(out, "env", &q->env);
}

static char *
copy(const struct record *r, const char *name)
{
	const char *s = record_get(r, name);

	return s ? xstrdup(s) : NULL;
}

/* The value of the field after i if it has that name, else NULL. */
static const char *
follow(const struct record *r, size_t i, const char *name)
{
	return i < r->len && streq(r->fields[i].name, name) ? r->fields[i].value : NULL;
}

/* The input whose name is at i. */
static int
read_input(struct request *q, const struct record *r, size_t i, struct err *err)
{
	const char *from = follow(r, i + 1, "from"), *path = follow(r, i + 2, "path");
	const char *digest = follow(r, i + 3, "digest");
	const char *file = follow(r, i + (digest ? 4 : 3), "file");

	if (!from || !path)
		return err_set(err, "request: input without from and path");
	request_add_input(q, r->fields[i].value, from, path);
	if (digest)
		request_set_digest(q, digest);
	if (file)
		request_set_file(q, file);
	return 0;
}

static int
read_field(struct request *q, const struct record *r, size_t i, struct err *err)
{
	const char *name = r->fields[i].name, *value = r->fields[i].value;

	if (streq(name, "option")) {
		const char *key = follow(r, i + 1, "key"), *v = follow(r, i + 2, "value");

		if (!key || !v)
			return err_set(err, "request: option without key and value");
		request_add_option(q, value, key, v);
	} else if (streq(name, "input")) {
		return read_input(q, r, i, err);
	} else if (streq(name, "output")) {
		const char *p = follow(r, i + 1, "path");

		if (!p)
			return err_set(err, "request: output without path");
		request_add_output(q, value, p);
	} else if (strncmp(name, "arch.", 5) == 0) {
		record_add(&q->arch, name + 5, value);
	} else if (strncmp(name, "env.", 4) == 0) {
		record_add(&q->env, name + 4, value);
	}
	return 0;
}

int
request_read(struct request *q, const struct record *r, struct err *err)
{
	q->mode = copy(r, "mode");
	q->stage = copy(r, "stage");
	q->plugin = copy(r, "plugin");
	q->digest = copy(r, "plugin.digest");
	q->workdir = copy(r, "workdir");
	q->scratch = copy(r, "scratch");
	q->lent = record_get_int(r, "lent", 0) != 0;
	q->unpacker = copy(r, "unpacker");
	q->epoch = record_get_int(r, "epoch", 0);
	q->jobs = (int)record_get_int(r, "jobs", 1);
	q->memory = record_get_int(r, "memory", 0);
	q->processes = record_get_int(r, "processes", 0);
	for (size_t i = 0; i < r->len; i++)
		if (read_field(q, r, i, err) < 0)
			return -1;
	if (!q->mode || !q->stage || !q->plugin)
		return err_set(err, "request: mode, stage or plugin is missing");
	return 0;
}

void
request_release(struct request *q)
{
	free(q->mode);
	free(q->stage);
	free(q->plugin);
	free(q->digest);
	free(q->workdir);
	free(q->scratch);
	free(q->unpacker);
	for (size_t i = 0; i < q->options.len; i++) {
		free(q->options.v[i].name);
		free(q->options.v[i].key);
		free(q->options.v[i].value);
	}
	for (size_t i = 0; i < q->inputs.len; i++) {
		free(q->inputs.v[i].port);
		free(q->inputs.v[i].from);
		free(q->inputs.v[i].path);
		free(q->inputs.v[i].digest);
		free(q->inputs.v[i].file);
	}
	for (size_t i = 0; i < q->outputs.len; i++) {
		free(q->outputs.v[i].port);
		free(q->outputs.v[i].path);
	}
	vec_release(&q->options);
	vec_release(&q->inputs);
	vec_release(&q->outputs);
	record_release(&q->arch);
	record_release(&q->env);
	memset(q, 0, sizeof(*q));
}

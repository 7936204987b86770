/* SPDX-License-Identifier: GPL-3.0-only */
/* Services that only look things up: options, architecture, environment, inputs. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "worker/worker.h"

static const char *
option_at(struct msmv_stage *s, const char *name, size_t i)
{
	const struct request_option *o = options_at(&worker_of(s)->options, name, i);

	return o ? o->value : NULL;
}

static const char *
option(struct msmv_stage *s, const char *name)
{
	return option_at(s, name, 0);
}

static int64_t
option_int(struct msmv_stage *s, const char *name)
{
	const char *text = option(s, name);

	return text ? strtoll(text, NULL, 10) : 0;
}

static size_t
option_count(struct msmv_stage *s, const char *name)
{
	return options_count(&worker_of(s)->options, name);
}

static const char *
option_key(struct msmv_stage *s, const char *name, size_t i)
{
	const struct request_option *o = options_at(&worker_of(s)->options, name, i);

	return o ? o->key : NULL;
}

static const char *
option_get(struct msmv_stage *s, const char *name, const char *key)
{
	const struct request_option *o = options_get(&worker_of(s)->options, name, key);

	return o ? o->value : NULL;
}

static const char *
arch(struct msmv_stage *s, const char *fact)
{
	return record_get(&worker_of(s)->request.arch, fact);
}

static const char *
env(struct msmv_stage *s, const char *name)
{
	return record_get(&worker_of(s)->request.env, name);
}

static const struct request_input *
nth_input(struct msmv_stage *s, const char *port, size_t n)
{
	const struct request *q = &worker_of(s)->request;

	for (size_t i = 0; i < q->inputs.len; i++)
		if (streq(q->inputs.v[i].port, port) && n-- == 0)
			return &q->inputs.v[i];
	return NULL;
}

static size_t
input_count(struct msmv_stage *s, const char *port)
{
	const struct request *q = &worker_of(s)->request;
	size_t n = 0;

	for (size_t i = 0; i < q->inputs.len; i++)
		n += streq(q->inputs.v[i].port, port);
	return n;
}

static const char *
input_path(struct msmv_stage *s, const char *port, size_t i)
{
	const struct request_input *in = nth_input(s, port, i);

	return in ? in->path : NULL;
}

static const char *
input_name(struct msmv_stage *s, const char *port, size_t i)
{
	const struct request_input *in = nth_input(s, port, i);

	return in ? in->from : NULL;
}

static const char *
input_digest(struct msmv_stage *s, const char *port, size_t i)
{
	const struct request_input *in = nth_input(s, port, i);

	return in ? in->digest : NULL;
}

static const char *
input_file(struct msmv_stage *s, const char *port, size_t i)
{
	const struct request_input *in = nth_input(s, port, i);

	return in ? in->file : NULL;
}

void
host_data_fill(struct msmv_host *h)
{
	h->option = option;
	h->option_int = option_int;
	h->option_count = option_count;
	h->option_at = option_at;
	h->option_key = option_key;
	h->option_get = option_get;
	h->arch = arch;
	h->env = env;
	h->input_count = input_count;
	h->input_path = input_path;
	h->input_name = input_name;
	h->input_digest = input_digest;
	h->input_file = input_file;
}

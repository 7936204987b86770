/* SPDX-License-Identifier: GPL-3.0-only */
/* What a worker is told is what the action key holds, and the places to work in. */
#include "run/ask.h"

#include <stdlib.h>
#include <string.h>

#include <msmv/plugin.h>

#include "base/mem.h"

void
request_for(const struct context *ctx, const struct stage *s, const char *mode,
	struct request *q)
{
	memset(q, 0, sizeof(*q));
	q->mode = xstrdup(mode);
	q->stage = xstrdup(s->name);
	q->plugin = xstrdup(s->plugin->path);
	q->digest = xstrdup(s->plugin->digest);
	q->scratch = store_path(&ctx->store, "scratch");
	q->unpacker = xstrdup(ctx->unpacker);
	q->epoch = ctx->epoch;
	q->jobs = ctx->jobs;
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		for (size_t k = 0; k < o->count; k++)
			request_add_option(q, o->name, o->keys ? o->keys[k] : "", o->values[k]);
	}
	if (s->arch_plugin && !(s->plugin->flags & MSMV_PLUGIN_ANY_ARCH))
		for (size_t i = 0; i < s->arch_plugin->arch.len; i++)
			record_add(&q->arch, s->arch_plugin->arch.fields[i].name,
				s->arch_plugin->arch.fields[i].value);
	for (size_t i = 0; i < s->plugin->env.len; i++) {
		const char *value = getenv(s->plugin->env.v[i]);

		if (value && *value)
			record_add(&q->env, s->plugin->env.v[i], value);
	}
}

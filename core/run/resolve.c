/* SPDX-License-Identifier: GPL-3.0-only */
/* Keys hold the content of inputs, so they are known when the inputs are, not before. */
#include "run/resolve.h"

#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/action.h"
#include "run/facts.h"
#include "run/locked.h"

struct job **
resolve_producers(const struct run *r, const struct job *j)
{
	struct job **list = xcalloc(j->stage->inputs.len + 1, sizeof(struct job *));

	for (size_t i = 0; i < j->stage->inputs.len; i++) {
		struct graph_node *n = graph_find(&r->graph, j->stage->inputs.v[i].from_stage);

		list[i] = n ? n->data : NULL;
	}
	return list;
}

static bool
known(const struct job *j)
{
	return j->state == JOB_CACHED || j->state == JOB_DONE;
}

/* Optional outputs that were not made leave no field: that too is part of the key. */
static int
add_inputs(struct job *j, struct job *const *producers, struct err *err)
{
	for (size_t i = 0; i < j->stage->inputs.len; i++) {
		const struct stage_input *in = &j->stage->inputs.v[i];
		const struct port_info *port = plugin_input(j->stage->plugin, in->port);
		const char *digest = job_output(producers[i], in->from_port, "digest");
		const char *file = job_input_file(j, i, producers[i]);
		size_t n = 0;

		for (size_t k = 0; k < i; k++)
			n += streq(j->stage->inputs.v[k].port, in->port);
		if (digest)
			action_add_input(&j->action, in->port, n, digest, file);
		else if (!port || !(port->flags & (MSMV_PORT_OPTIONAL | MSMV_PORT_MANY)))
			return err_set(err, "%s made no '%s', which the input '%s' needs",
				in->from_stage, in->from_port, in->port);
	}
	return 0;
}

static void
read_action(const struct record *result, struct record *out)
{
	for (size_t i = 0; i < result->len; i++)
		if (str_starts(result->fields[i].name, "action."))
			record_add(out, result->fields[i].name + 7, result->fields[i].value);
}

/* The action stands last, so what was cut off has another key. */
bool
resolve_is_whole(const struct record *result, const char *key)
{
	cleanup_record struct record action = RECORD_INIT;
	char now[SHA256_HEX];

	read_action(result, &action);
	action_key(&action, now);
	return streq(now, key);
}

/* Is everything that the result names still there? */
static bool
complete(const struct context *ctx, const struct record *r, const char *key)
{
	bool any = false;

	if (!resolve_is_whole(r, key))
		return false;

	for (size_t i = 0; i + 2 < r->len; i++) {
		if (!streq(r->fields[i].name, "out"))
			continue;
		any = true;
		if (!streq(r->fields[i + 1].name, "digest") ||
		    !store_has_blob(&ctx->store, r->fields[i + 1].value,
			    strtoull(r->fields[i + 2].value, NULL, 10)))
			return false;
	}
	return any;
}

/* From the record of the last time; there may be none. */
static char *
explain(const struct run *r, const struct job *j)
{
	const char *last = state_key(&r->state, j->stage->name);
	cleanup_record struct record result = RECORD_INIT;
	cleanup_record struct record before = RECORD_INIT;
	char *text;

	if (!last)
		return xstrdup("it never ran here");
	if (streq(last, j->key))
		return xstrdup("its result is no longer in the store");
	if (!store_get_result(&r->ctx->store, last, &result))
		return xstrdup("its last result is no longer in the store");
	read_action(&result, &before);
	text = action_difference(&before, &j->action);
	return text ? text : xstrdup("its last result is no longer in the store");
}

/* What was made where everything could be reached is no proof of what its key says. */
static bool
is_hermetic_enough(const struct run *r, const struct job *j)
{
	const char *level = record_get(&j->result, "sandbox");

	return !r->ctx->sandbox || (level && streq(level, "on"));
}

/* Is it to run, whatever the store has? */
static bool
is_fresh(const struct run *r, const struct job *j)
{
	for (size_t i = 0; r->opt.fresh && r->opt.fresh[i]; i++)
		if (streq(r->opt.fresh[i], j->stage->name))
			return true;
	return false;
}

static int
look_up(struct run *r, struct job *j)
{
	free(j->why);
	free(j->note);
	j->why = j->note = NULL;
	record_release(&j->result);
	if (is_fresh(r, j)) {
		j->why = xstrdup("what upstream has now is asked for");
		return 1;
	}
	if (store_get_result(&r->ctx->store, j->key, &j->result) ||
	    (locked_adopt(r, j) && store_get_result(&r->ctx->store, j->key, &j->result))) {
		if (!is_hermetic_enough(r, j)) {
			j->why = xstrdup("its result was made without the sandbox");
			record_release(&j->result);
			return 1;
		}
		if (complete(r->ctx, &j->result, j->key)) {
			const char *note = record_get(&j->result, "note");

			j->note = note ? xstrdup(note) : NULL;
			j->state = JOB_CACHED;
			return 1;
		}
		record_release(&j->result);
	}
	j->why = explain(r, j);
	return 1;
}

int
resolve_job(struct run *r, struct job *j, struct err *err)
{
	struct job **producers = resolve_producers(r, j);
	int result = 1;

	for (size_t i = 0; result == 1 && i < j->stage->inputs.len; i++) {
		if (!producers[i] || !known(producers[i])) {
			j->state = JOB_UNKNOWN;
			free(j->why);
			j->why = xasprintf("waits for %s", j->stage->inputs.v[i].from_stage);
			result = 0;
		}
	}
	if (result == 1) {
		record_release(&j->action);
		if (action_begin(r->ctx, j->stage, &j->facts, &j->action, err) < 0 ||
		    add_inputs(j, producers, err) < 0) {
			result = -1;
		} else {
			action_key(&j->action, j->key);
			result = look_up(r, j);
		}
	}
	free(producers);
	return result;
}

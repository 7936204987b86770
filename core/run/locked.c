/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Nothing is fetched twice because a lock appeared: the last result stands under the
 * new key if the two actions differ in nothing but the sum (and in facts, which only
 * say what the machine thought the source was), and the file has that sum.
 */
#include "run/locked.h"

#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "run/action.h"

static const char sum_field[] = "option.sha256";

/* Does the field say which bytes are wanted, beyond the sum? */
static bool
counts(const struct field *f)
{
	return !streq(f->name, sum_field) && !str_starts(f->name, "fact.");
}

/* Are the actions equal but for the sum? Both are sorted. */
static bool
same_but_sum(const struct record *result, const struct record *action)
{
	size_t k = 0;

	for (size_t i = 0; i < result->len; i++) {
		struct field f = result->fields[i];

		if (!str_starts(f.name, "action."))
			continue;
		f.name += strlen("action.");
		if (streq(f.name, sum_field))
			return false; /* it was asked for another one */
		if (!counts(&f))
			continue;
		while (k < action->len && !counts(&action->fields[k]))
			k++;
		if (k == action->len || !streq(action->fields[k].name, f.name) ||
		    !streq(action->fields[k].value, f.value))
			return false;
		k++;
	}
	while (k < action->len && !counts(&action->fields[k]))
		k++;
	return k == action->len;
}

/* Are all files there, and is what was fetched the one with that sum? */
static bool
has_sum(const struct context *ctx, const struct stage *s, const struct record *result,
	const char *sum)
{
	bool found = false;

	for (size_t i = 0; i + 2 < result->len; i++) {
		const struct field *f = &result->fields[i];
		const struct port_info *port;

		if (!streq(f->name, "out"))
			continue;
		if (!store_has_blob(&ctx->store, f[1].value, strtoull(f[2].value, NULL, 10)))
			return false;
		port = plugin_output(s->plugin, f->value);
		if (!port)
			return false;
		if (port->flags & MSMV_PORT_ASIDE)
			continue;
		if (found || strcasecmp(f[1].value, sum) != 0)
			return false;
		found = true;
	}
	return found;
}

/* The result with the new action in place of its own. */
static void
rewrite(const struct record *result, const struct record *action, struct record *out)
{
	for (size_t i = 0; i < result->len; i++)
		if (!str_starts(result->fields[i].name, "action."))
			record_add(out, result->fields[i].name, result->fields[i].value);
	for (size_t i = 0; i < action->len; i++) {
		cleanup_free char *name = xasprintf("action.%s", action->fields[i].name);

		record_add(out, name, action->fields[i].value);
	}
}

bool
locked_adopt(struct run *r, struct job *j)
{
	const char *last = state_key(&r->state, j->stage->name);
	const char *sum = record_get(&j->action, sum_field);
	cleanup_record struct record result = RECORD_INIT;
	cleanup_record struct record mine = RECORD_INIT;

	if (!sum || !last || streq(last, j->key) || !stage_fetches(j->stage) ||
	    !store_get_result(&r->ctx->store, last, &result) ||
	    !same_but_sum(&result, &j->action) || !has_sum(r->ctx, j->stage, &result, sum))
		return false;
	rewrite(&result, &j->action, &mine);
	return store_put_result(&r->ctx->store, j->key, &mine, NULL) == 0;
}

void
locked_explain(struct job *j)
{
	const char *locked = j->stage->locked;
	char *more;

	if (!locked || !j->message || !strstr(j->message, locked))
		return;
	more = xasprintf("%s\n  %s.lock has the sha256 %s; if upstream's change is to be taken: "
		"msmv lock %s --update %s", j->message, j->pipeline->recipe, locked,
		j->pipeline->recipe, j->stage->name);
	free(j->message);
	j->message = more;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * How a lock holds a stage: its sum becomes the stage's option sha256, so it is in the
 * key, and the fetcher itself refuses anything else. What the recipe says of its own
 * stands above the lock.
 */
#include "recipe/lock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/path.h"

char *
lock_path(const char *recipe)
{
	return xasprintf("%s.lock", recipe);
}

void
lock_source_init(struct lock_source *s, const struct stage *stage)
{
	const struct stage_option *url = stage_option_get(stage, "url");

	*s = (struct lock_source){ .stage = xstrndup(stage->name, strcspn(stage->name, "@")) };
	for (size_t i = 0; url && i < url->count; i++)
		vec_push(&s->url, xstrdup(url->values[i]));
}

void
lock_source_release(struct lock_source *s)
{
	for (size_t i = 0; i < s->url.len; i++)
		free(s->url.v[i]);
	vec_release(&s->url);
	free(s->stage);
	free(s->exact);
	free(s->file);
	free(s->signer);
}

void
lock_release(struct lock *l)
{
	for (size_t i = 0; i < l->sources.len; i++)
		lock_source_release(&l->sources.v[i]);
	vec_release(&l->sources);
	free(l->path);
	*l = (struct lock)LOCK_INIT;
}

bool
lock_wants(const struct stage *stage)
{
	const struct stage_option *url = stage_option_get(stage, "url");

	return stage_fetches(stage) && url && url->count;
}

static bool
same_urls(const struct lock_source *s, const struct stage_option *url)
{
	if (!url || url->count != s->url.len)
		return false;
	for (size_t i = 0; i < url->count; i++)
		if (!streq(url->values[i], s->url.v[i]))
			return false;
	return true;
}

const struct lock_source *
lock_find(const struct lock *l, const struct stage *stage)
{
	const struct stage_option *url = stage_option_get(stage, "url");

	for (size_t i = 0; i < l->sources.len; i++)
		if (stage_is(stage, l->sources.v[i].stage) &&
		    same_urls(&l->sources.v[i], url))
			return &l->sources.v[i];
	return NULL;
}

/* ---- Holding a stage to it -------------------------------------------- */

/* Where the recipe names the source; a built-in one's section. */
static struct pos
place(const struct stage *s)
{
	const struct stage_option *url = stage_option_get(s, "url");

	return url && url->pos.line ? url->pos : s->pos;
}

static int
uncovered(const struct lock *l, const struct stage *s, enum lock_rule rule,
	struct diags *d, const char *why)
{
	const char *name = path_base(l->path);

	if (rule == LOCK_QUIET)
		return 0;
	diag_add(d, rule == LOCK_STRICT ? DIAG_ERROR : DIAG_WARNING, place(s),
		"the source of %s %s", s->name, why);
	diag_hint(d, "msmv lock %.*s brings the lock up to date",
		(int)(strlen(name) - strlen(".lock")), name);
	return rule == LOCK_STRICT ? -1 : 0;
}

/* No entry fits: is there one for other urls? */
static int
no_entry(const struct lock *l, const struct stage *s, enum lock_rule rule, struct diags *d)
{
	cleanup_free char *why = NULL;

	for (size_t i = 0; !why && i < l->sources.len; i++)
		if (stage_is(s, l->sources.v[i].stage))
			why = xasprintf("is not what %s has: that is for %s",
				path_base(l->path), l->sources.v[i].url.v[0]);
	if (!why)
		why = xasprintf("is not in %s", path_base(l->path));
	return uncovered(l, s, rule, d, why);
}

static void
set_option(struct stage *s, const char *name, const char *value)
{
	const struct option_info *o = plugin_option(s->plugin, name);

	if (o && value && !stage_option_get(s, name))
		stage_option_add(
			stage_add_option(s, name, o->type, o->flags), NULL, value);
}

int
lock_apply(const struct lock *l, struct stage *s, enum lock_rule rule, struct diags *d)
{
	const struct lock_source *locked = lock_find(l, s);
	const struct stage_option *own = stage_option_get(s, "sha256");
	cleanup_free char *why = NULL;

	if (!lock_wants(s))
		return 0;
	if (!plugin_option(s->plugin, "sha256")) {
		why = xasprintf("cannot be locked: plugin %s has no option sha256",
			s->plugin->name);
		return uncovered(l, s, rule, d, why);
	}
	if (!locked)
		return no_entry(l, s, rule, d);
	if (own && own->count && strcasecmp(own->values[0], locked->sha256) != 0) {
		why = xasprintf("has the sha256 %s, but %s has %s", own->values[0],
			path_base(l->path), locked->sha256);
		return uncovered(l, s, rule, d, why);
	}
	set_option(s, "sha256", locked->sha256);
	set_option(s, "exact", locked->exact);
	free(s->locked);
	s->locked = xstrdup(locked->sha256);
	return 0;
}

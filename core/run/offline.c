/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The engine cannot see what a plugin does, but it knows which stages fetch, and which
 * of these can be told to stay on this machine: those with an option offline. Any other
 * fetcher is not started at all.
 */
#include "run/offline.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "run/resolve.h"

/* A file url, or a path. */
static bool
is_local(const char *url)
{
	return !strncasecmp(url, "file:", 5) || !strchr(url, ':');
}

/* Does a mirror on this machine stand in for the url? */
static bool
has_local_mirror(const struct stage *s, const char *url)
{
	const struct stage_option *mirrors = stage_option_get(s, "mirrors");

	for (size_t i = 0; mirrors && i < mirrors->count; i++)
		if (str_starts(url, mirrors->keys[i]) && is_local(mirrors->values[i]))
			return true;
	return false;
}

/* NULL if one of the option's urls may be here (or there are none), else the first. */
static const char *
far_url(const struct stage *s, const char *option)
{
	const struct stage_option *o = stage_option_get(s, option);

	for (size_t i = 0; o && i < o->count; i++)
		if (is_local(o->values[i]) || has_local_mirror(s, o->values[i]))
			return NULL;
	return o && o->count ? o->values[0] : NULL;
}

/* What the stage would have to ask the network for; NULL for nothing. */
static const char *
needs_network(const struct stage *s)
{
	const char *url = far_url(s, "url");

	if (!plugin_option(s->plugin, "offline"))
		return url ? url : s->plugin->name;
	return url ? url : far_url(s, "signature");
}

int
offline_check(struct run *r, struct err *err)
{
	cleanup_str struct str missing = STR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = r->graph.topo[i]->data;
		const char *url;

		if (!j->node->selected || !stage_fetches(j->stage))
			continue;
		if (resolve_job(r, j, err) < 0)
			return -1;
		url = j->state == JOB_CACHED ? NULL : needs_network(j->stage);
		if (url)
			str_addf(&missing, "\n  %s  %s", j->stage->name, url);
		n += url != NULL;
		j->state = JOB_IDLE; /* nothing is decided yet */
	}
	if (!n)
		return 0;
	return err_set(err, "offline: %zu source%s not here:%s\nrun once without --offline "
		"(msmv lock gets all of them), or name a file:// mirror in msmv.conf", n,
		n == 1 ? " is" : "s are", str_text(&missing));
}

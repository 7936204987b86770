/* SPDX-License-Identifier: GPL-3.0-only */
#include "wire/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

struct option_group {
	VEC(struct request_option *) items;
	struct map keys; /* key -> one of the items */
};

static struct option_group *
group_of(struct options *o, const char *name)
{
	struct option_group *g = map_get(&o->groups, name);

	if (!g) {
		g = xcalloc(1, sizeof(*g));
		map_put(&o->groups, name, g);
	}
	return g;
}

void
options_init(struct options *o, const struct request *q)
{
	*o = (struct options){ MAP_INIT };
	for (size_t i = 0; i < q->options.len; i++) {
		struct request_option *item = &q->options.v[i];
		struct option_group *g = group_of(o, item->name);

		vec_push(&g->items, item);
		if (!map_get(&g->keys, item->key))
			map_put(&g->keys, item->key, item);
	}
}

static void
group_free(void *group)
{
	struct option_group *g = group;

	vec_release(&g->items);
	map_release(&g->keys, NULL);
	free(g);
}

void
options_release(struct options *o)
{
	map_release(&o->groups, group_free);
}

size_t
options_count(const struct options *o, const char *name)
{
	const struct option_group *g = map_get(&o->groups, name);

	return g ? g->items.len : 0;
}

const struct request_option *
options_at(const struct options *o, const char *name, size_t i)
{
	const struct option_group *g = map_get(&o->groups, name);

	return g && i < g->items.len ? g->items.v[i] : NULL;
}

const struct request_option *
options_get(const struct options *o, const char *name, const char *key)
{
	const struct option_group *g = map_get(&o->groups, name);

	return g ? map_get(&g->keys, key) : NULL;
}

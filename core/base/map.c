/* SPDX-License-Identifier: GPL-3.0-only */
/* Open addressing over an insertion-ordered array: iteration is reproducible. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static uint64_t
hash(const char *s)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h ^ (h >> 32);
}

/* The slot that holds key, or the free one where it belongs. */
static size_t
slot_of(const struct map *m, const char *key)
{
	size_t i = (size_t)hash(key) & (m->nslots - 1);

	while (m->slots[i] && strcmp(m->items[m->slots[i] - 1].key, key) != 0)
		i = (i + 1) & (m->nslots - 1);
	return i;
}

static void
grow(struct map *m)
{
	m->nslots = m->nslots ? m->nslots * 2 : 16;
	free(m->slots);
	m->slots = xcalloc(m->nslots, sizeof(*m->slots));
	for (size_t i = 0; i < m->len; i++)
		m->slots[slot_of(m, m->items[i].key)] = (uint32_t)i + 1;
}

void *
map_get(const struct map *m, const char *key)
{
	size_t i;

	if (!m->nslots)
		return NULL;
	i = slot_of(m, key);
	return m->slots[i] ? m->items[m->slots[i] - 1].value : NULL;
}

void *
map_put(struct map *m, const char *key, void *value)
{
	void *old;
	size_t i;

	if (m->len * 2 >= m->nslots)
		grow(m);
	i = slot_of(m, key);
	if (m->slots[i]) {
		old = m->items[m->slots[i] - 1].value;
		m->items[m->slots[i] - 1].value = value;
		return old;
	}
	if (m->len == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 8;
		m->items = xreallocarray(m->items, m->cap, sizeof(*m->items));
	}
	m->items[m->len] = (struct map_item){ xstrdup(key), value };
	m->slots[i] = (uint32_t)++m->len;
	return NULL;
}

void
map_release(struct map *m, void (*free_value)(void *))
{
	for (size_t i = 0; i < m->len; i++) {
		free(m->items[i].key);
		if (free_value)
			free_value(m->items[i].value);
	}
	free(m->items);
	free(m->slots);
	*m = (struct map)MAP_INIT;
}

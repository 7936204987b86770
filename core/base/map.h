/* SPDX-License-Identifier: GPL-3.0-only */
/* String to pointer, insertion order kept; lookups are by hash. */
#ifndef MSMV_BASE_MAP_H
#define MSMV_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_item {
	char *key; /* owned by the map */
	void *value;
};

struct map {
	struct map_item *items; /* in insertion order */
	size_t len, cap;
	uint32_t *slots; /* index + 1 into items, 0 free; power of two */
	size_t nslots;
};

#define MAP_INIT { NULL, 0, 0, NULL, 0 }

/* NULL if absent. */
void *map_get(const struct map *m, const char *key);
/* Returns the value that was there before, or NULL. */
void *map_put(struct map *m, const char *key, void *value);
/* Frees keys and table; values through free_value unless it is NULL. */
void map_release(struct map *m, void (*free_value)(void *));

#endif

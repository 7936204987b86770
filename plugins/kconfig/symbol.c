/* SPDX-License-Identifier: GPL-3.0-only */
/* A hash table of kernel options: a tree has some 20,000 of them. */
#include "symbol.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
hash(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ (unsigned char)*name++) * 16777619u;
	return h;
}

/* Where the name is, or the free slot where it would be. */
static size_t
slot_of(const struct symbols *all, const char *name, size_t len)
{
	size_t i = hash(name, len) & (all->cap - 1);

	while (all->slots[i] && (strncmp(all->slots[i]->name, name, len) != 0 ||
	                         all->slots[i]->name[len]))
		i = (i + 1) & (all->cap - 1);
	return i;
}

static void
grow(struct symbols *all)
{
	struct symbol **old = all->slots;
	size_t cap = all->cap;

	all->cap = cap ? cap * 2 : 1024;
	all->slots = xnew(all->cap * sizeof(*all->slots));
	for (size_t i = 0; i < cap; i++) {
		if (old[i])
			all->slots[slot_of(all, old[i]->name, strlen(old[i]->name))] = old[i];
	}
	free(old);
}

struct symbol *
symbol_find(const struct symbols *all, const char *name, size_t len)
{
	return all->cap ? all->slots[slot_of(all, name, len)] : NULL;
}

struct symbol *
symbol_get(struct symbols *all, const char *name, size_t len)
{
	size_t i;

	if (all->len * 2 >= all->cap)
		grow(all);
	i = slot_of(all, name, len);
	if (!all->slots[i]) {
		all->slots[i] = xnew(sizeof(**all->slots));
		all->slots[i]->name = xcopy_n(name, len);
		all->len++;
	}
	return all->slots[i];
}

const struct around *
symbol_choice(const struct symbol *sym)
{
	for (const struct definition *d = sym->definitions; d; d = d->next) {
		for (const struct around *a = d->around; a; a = a->parent) {
			if (a->choice)
				return a;
		}
	}
	return NULL;
}

const char *
symbol_value(const struct symbol *sym)
{
	return sym->value ? sym->value : "n";
}

/* Edit distance, given up as soon as it must exceed 3. */
static unsigned
distance(const char *a, const char *b)
{
	enum { MAX = 80, FAR = 99 };
	unsigned row[MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > MAX || lb > MAX || (la > lb ? la - lb : lb - la) > 3)
		return FAR;
	for (size_t k = 0; k <= lb; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= la; i++) {
		unsigned corner = row[0];
		unsigned least = row[0] = (unsigned)i;

		for (size_t k = 1; k <= lb; k++) {
			unsigned best = corner + (a[i - 1] != b[k - 1]);

			corner = row[k];
			if (row[k] + 1 < best)
				best = row[k] + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
			if (best < least)
				least = best;
		}
		if (least > 3)
			return FAR;
	}
	return row[lb];
}

char *
symbol_nearest(const struct symbols *all, const char *name)
{
	unsigned limit = strlen(name) < 4 ? 1 : strlen(name) < 9 ? 2 : 3;
	struct text names = { 0 };

	/* All of the least distance, in the alphabet's order whatever the table's is. */
	for (unsigned far = 1; far <= limit && !names.len; far++) {
		const char *last = "";

		for (unsigned count = 0; count < 3; count++) {
			const struct symbol *next = NULL;

			for (size_t i = 0; i < all->cap; i++) {
				const struct symbol *sym = all->slots[i];

				if (sym && sym->definitions && strcmp(sym->name, last) > 0 &&
				    (!next || strcmp(sym->name, next->name) < 0) &&
				    distance(name, sym->name) == far)
					next = sym;
			}
			if (!next)
				break;
			last = next->name;
			text_addf(&names, "%s%s", names.len ? ", " : "", last);
		}
	}
	return names.p;
}

static void
definition_release(struct definition *d)
{
	free(d->file);
	free(d->prompt_if);
	free(d->depends);
	free(d->given);
	free(d);
}

static void
symbol_release(struct symbol *sym)
{
	while (sym->definitions) {
		struct definition *next = sym->definitions->next;

		definition_release(sym->definitions);
		sym->definitions = next;
	}
	list_release(&sym->selected_by);
	free(sym->name);
	free(sym->value);
	free(sym->asked);
	free(sym);
}

void
symbols_release(struct symbols *all)
{
	for (size_t i = 0; i < all->cap; i++) {
		if (all->slots[i])
			symbol_release(all->slots[i]);
	}
	while (all->arounds) {
		struct around *next = all->arounds->next;

		free(all->arounds->condition);
		free(all->arounds->visible);
		free(all->arounds);
		all->arounds = next;
	}
	free(all->slots);
	*all = (struct symbols){ 0 };
}

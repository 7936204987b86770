/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of settings. Families stay small and sorted by size, so the search is bounded. */
#include "sets.h"

#include <stdlib.h>
#include <string.h>

const struct setting *
set_find(const struct set *s, const char *name)
{
	for (unsigned i = 0; i < s->len; i++) {
		if (strcmp(s->v[i].sym->name, name) == 0)
			return &s->v[i];
	}
	return NULL;
}

bool
set_add(struct set *s, struct symbol *sym, const char *value)
{
	const struct setting *old = set_find(s, sym->name);

	if (old)
		return strcmp(old->value, value) == 0;
	if (s->len == SET_MAX || strlen(value) >= VALUE_MAX)
		return false;
	s->v[s->len].sym = sym;
	strcpy(s->v[s->len++].value, value);
	return true;
}

bool
set_union(struct set *to, const struct set *more)
{
	for (unsigned i = 0; i < more->len; i++) {
		if (!set_add(to, more->v[i].sym, more->v[i].value))
			return false;
	}
	return true;
}

bool
set_equal(const struct set *a, const struct set *b)
{
	if (a->len != b->len)
		return false;
	for (unsigned i = 0; i < a->len; i++) {
		const struct setting *other = set_find(b, a->v[i].sym->name);

		if (!other || strcmp(other->value, a->v[i].value) != 0)
			return false;
	}
	return true;
}

const char *sets_target = "";

static unsigned
prefix(const char *name)
{
	unsigned n = 0;

	while (name[n] && name[n] == sets_target[n])
		n++;
	return n;
}

/* Smaller is better; of the same size, what is named like the option in question, then
 * what has short names, as the more general options do. */
bool
set_better(const struct set *a, const struct set *b)
{
	unsigned best_a = 0, best_b = 0;
	size_t long_a = 0, long_b = 0;

	if (a->len != b->len)
		return a->len < b->len;
	for (unsigned i = 0; i < a->len; i++) {
		unsigned n = prefix(a->v[i].sym->name), m = prefix(b->v[i].sym->name);

		best_a = n > best_a ? n : best_a;
		best_b = m > best_b ? m : best_b;
		long_a += strlen(a->v[i].sym->name);
		long_b += strlen(b->v[i].sym->name);
	}
	return best_a != best_b ? best_a > best_b : long_a < long_b;
}

void
family_add(struct family *f, const struct set *s)
{
	unsigned at = f->len;

	for (unsigned i = 0; i < f->len; i++) {
		if (set_equal(&f->v[i], s))
			return;
	}
	if (!f->v)
		f->v = need_memory(NULL, (FAMILY_MAX + 1) * sizeof(*f->v));
	while (at > 0 && set_better(s, &f->v[at - 1])) {
		f->v[at] = f->v[at - 1];
		at--;
	}
	f->v[at] = *s;
	if (f->len < FAMILY_MAX)
		f->len++;
}

void
family_unit(struct family *f)
{
	const struct set none = { .len = 0 };

	family_add(f, &none);
}

void
family_cross(struct family *f, struct family *by)
{
	struct family both = { 0 };

	for (unsigned i = 0; i < f->len; i++) {
		for (unsigned k = 0; k < by->len; k++) {
			struct set s = f->v[i];

			if (set_union(&s, &by->v[k]))
				family_add(&both, &s);
		}
	}
	family_free(f);
	family_free(by);
	*f = both;
}

void
family_join(struct family *f, struct family *more)
{
	for (unsigned i = 0; i < more->len; i++)
		family_add(f, &more->v[i]);
	family_free(more);
}

void
family_free(struct family *f)
{
	free(f->v);
	*f = (struct family){ 0 };
}

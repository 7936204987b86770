/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After a person has been through the menus: which options, fewest possible, turn the
 * recipe's configuration into theirs. Every option with a prompt that differs is
 * taken, and what differs then, as a changed option may change another's default.
 * Those that others bring along are left out again, one by one.
 */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 6 };

struct change {
	struct symbol *sym;
	char *value;
	bool left_out;
};

struct changes {
	struct change *v;
	size_t len, cap;
};

static void
change_add(struct changes *c, struct symbol *sym, const char *value)
{
	if (c->len == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->v = need_memory(c->v, c->cap * sizeof(*c->v));
	}
	c->v[c->len++] = (struct change){ .sym = sym, .value = need_copy(value) };
}

/* The values of all symbols, in the order of tree_symbol(). */
static char **
values_take(void)
{
	size_t n = 0;
	char **v;

	while (tree_symbol(n))
		n++;
	v = need_memory(NULL, (n + 1) * sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = need_copy(state_value(tree_symbol(i)));
	v[n] = NULL;
	return v;
}

static void
values_free(char **v)
{
	for (size_t i = 0; v[i]; i++)
		free(v[i]);
	free(v);
}

static void
changes_make(const struct question *q, const struct changes *c)
{
	struct wishes w;

	wishes_copy(&w, &q->wishes);
	for (size_t i = 0; i < c->len; i++) {
		if (!c->v[i].left_out)
			wish_set(&w, c->v[i].sym->name, c->v[i].value, "person", ORIGIN_REPAIR);
	}
	state_make(q, &w);
	wishes_free(&w);
}

/* In how many options the present state differs from the person's. */
static size_t
differences(char **person)
{
	size_t n = 0;

	for (size_t i = 0; person[i]; i++)
		n += strcmp(person[i], state_value(tree_symbol(i))) != 0;
	return n;
}

static char **
person_values(const struct question *q)
{
	const struct question as_is = { .base = q->person };
	const struct wishes none = { 0 };

	state_make(&as_is, &none);
	return values_take();
}

/* Takes what differs in the present state; false: nothing that is not taken already. */
static bool
changes_grow(struct changes *c, char **person)
{
	size_t before = c->len;

	for (size_t i = 0; person[i]; i++) {
		struct symbol *sym = tree_symbol(i);
		bool taken = strcmp(person[i], state_value(sym)) == 0 || !tree_prompt(sym);

		for (size_t k = 0; !taken && k < before; k++)
			taken = c->v[k].sym == sym;
		if (!taken)
			change_add(c, sym, person[i]);
	}
	return c->len > before;
}

/* Leaves out what changes nothing. Returns in how many options the rest still differs. */
static size_t
changes_shrink(const struct question *q, struct changes *c, char **person)
{
	size_t far;

	changes_make(q, c);
	far = differences(person);
	for (size_t i = c->len; i-- > 0;) {
		size_t now;

		c->v[i].left_out = true;
		changes_make(q, c);
		now = differences(person);
		c->v[i].left_out = now <= far;
		far = now < far ? now : far;
	}
	return far;
}

void
person_add(const struct question *q, struct out *json)
{
	char **person = person_values(q);
	struct changes c = { 0 };
	const char *comma = "";
	size_t far;

	state_make(q, &q->wishes);
	for (unsigned i = 0; i < ROUNDS && changes_grow(&c, person); i++)
		changes_make(q, &c);
	far = changes_shrink(q, &c, person);
	out_add(json, ", \"changed\": [");
	for (size_t i = 0; i < c.len; i++) {
		if (!c.v[i].left_out) {
			out_addf(json, "%s{\"name\": ", comma);
			out_json(json, c.v[i].sym->name);
			out_add(json, ", \"value\": ");
			out_json(json, c.v[i].value);
			out_add(json, "}");
			comma = ", ";
		}
		free(c.v[i].value);
	}
	out_addf(json, "], \"far\": %zu", far);
	free(c.v);
	values_free(person);
}

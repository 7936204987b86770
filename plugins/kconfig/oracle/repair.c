/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest set of further options that makes requests hold without breaking
 * another: sets are tried in the order of their size, each by computing the whole
 * configuration; what still fails says by which settings the set may grow. The set
 * found is then tried without each of its members. Work is bounded.
 */
#include "sets.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 160, TRIES_ALL = 600, QUEUE = 800, STEPS = 4000 };

struct search {
	const struct question *q;
	const struct wish *goal; /* NULL: all */
	bool *goals;         /* by wish: must hold */
	struct set *queue;
	unsigned len;        /* of the queue */
	unsigned next;       /* first one not tried yet */
	unsigned tries;      /* left */
};

static unsigned tries_left = TRIES_ALL;

/* The configuration with the set as options of the recipe. */
static void
set_make(const struct search *s, const struct set *set, struct wishes *w)
{
	wishes_copy(w, &s->q->wishes);
	for (unsigned i = 0; i < set->len; i++)
		wish_set(w, set->v[i].sym->name, set->v[i].value, "repair", ORIGIN_REPAIR);
	state_make(s->q, w);
}

/* The first goal that fails in the present state; a profile's wish may be overridden. */
static const struct wish *
failing(const struct search *s, const struct wishes *w, const struct set *set)
{
	for (size_t i = 0; i < s->q->wishes.len; i++) {
		const struct wish *wish = &s->q->wishes.v[i];

		if (s->goals[i] && !w->v[i].dropped && !set_find(set, wish->name) &&
		    !state_holds(wish))
			return wish;
	}
	/* A setting that is not obeyed has no business in the set. */
	for (size_t i = s->q->wishes.len; i < w->len; i++) {
		if (!state_holds(&w->v[i]))
			return &w->v[i];
	}
	return NULL;
}

static bool
set_works(const struct search *s, const struct set *set)
{
	struct wishes w;
	bool works;

	set_make(s, set, &w);
	works = !failing(s, &w, set);
	wishes_free(&w);
	return works;
}

static void
queue_add(struct search *s, const struct set *set)
{
	unsigned at = s->len;

	for (unsigned i = 0; i < s->len; i++) {
		if (set_equal(&s->queue[i], set))
			return;
	}
	if (s->len == QUEUE)
		return;
	while (at > s->next && set_better(set, &s->queue[at - 1])) {
		s->queue[at] = s->queue[at - 1];
		at--;
	}
	s->queue[at] = *set;
	s->len++;
}

/* A profile's wish that is not the goal may be given up. */
static void
give_up(const struct search *s, const struct wish *wish, struct family *more)
{
	struct symbol *sym = tree_find(wish->name);
	struct set without = { .len = 0 };

	if (wish == s->goal || wish->origin != ORIGIN_PROFILE || !sym)
		return;
	if (set_add(&without, sym, state_value(sym)))
		family_add(more, &without);
}

/* Grows the set by whatever would help the failing wish. */
static void
queue_grow(struct search *s, const struct set *set, const struct wish *wish)
{
	struct wants wants = { .q = s->q, .steps = STEPS };
	struct family more = { 0 };

	sets_target = wish->name;
	want_wish(&wants, wish, &more);
	if (s->goal)
		give_up(s, wish, &more);
	for (unsigned i = 0; i < more.len; i++) {
		struct set grown = *set;

		if (more.v[i].len && set_union(&grown, &more.v[i]) && grown.len > set->len)
			queue_add(s, &grown);
	}
	family_free(&more);
}

static void
set_minimise(const struct search *s, struct set *set)
{
	for (unsigned i = set->len; i-- > 0;) {
		struct set less = *set;

		memmove(&less.v[i], &less.v[i + 1], (less.len - i - 1) * sizeof(less.v[0]));
		less.len--;
		if (set_works(s, &less))
			*set = less;
	}
}

static bool
search_run(struct search *s, struct set *found)
{
	while (s->next < s->len && s->tries && tries_left) {
		struct set set = s->queue[s->next++];
		struct wishes w;
		const struct wish *bad;

		s->tries--;
		tries_left--;
		set_make(s, &set, &w);
		bad = failing(s, &w, &set);
		if (bad)
			queue_grow(s, &set, bad);
		wishes_free(&w);
		if (!bad) {
			set_minimise(s, &set);
			*found = set;
			return true;
		}
	}
	return false;
}

static void
set_print(const struct set *set, struct out *json)
{
	out_add(json, "[");
	for (unsigned i = 0; i < set->len; i++) {
		out_add(json, i ? ", {\"name\": " : "{\"name\": ");
		out_json(json, set->v[i].sym->name);
		out_add(json, ", \"value\": ");
		out_json(json, set->v[i].value);
		out_add(json, "}");
	}
	out_add(json, "]");
}

/* What must hold: the goal, or all that is not waived; and what holds without help. */
static bool
goals_find(struct search *s, const struct wish *goal)
{
	bool any = false;

	state_make(s->q, &s->q->wishes);
	for (size_t i = 0; i < s->q->wishes.len; i++) {
		const struct wish *w = &s->q->wishes.v[i];
		bool holds = w->dropped || state_holds(w);

		s->goals[i] = holds || (goal ? w == goal : !w->waived);
		any = any || (s->goals[i] && !holds);
	}
	return any;
}

/* What repairs one by one is a good guess for what repairs all. */
static struct set together;
static const struct question *together_of;
static bool together_fails;

static void
together_add(const struct question *q, const struct set *set)
{
	if (together_of != q)
		together = (struct set){ .len = 0 };
	if (together_of != q)
		together_fails = false;
	together_of = q;
	if (!set || !set_union(&together, set))
		together_fails = true;
}

void
repair_add(const struct question *q, const struct wish *goal, struct out *json)
{
	struct search s = { .q = q, .goal = goal, .tries = TRIES };
	struct set found = { .len = 0 };
	bool some, done = false;

	if (together_of != q)
		tries_left = TRIES_ALL;
	if (!goal)
		tries_left += TRIES;
	s.goals = need_memory(NULL, (q->wishes.len + 1) * sizeof(*s.goals));
	s.queue = need_memory(NULL, QUEUE * sizeof(*s.queue));
	some = goals_find(&s, goal);
	s.queue[s.len++] = found;
	if (!goal && together_of == q && !together_fails)
		s.queue[s.len++] = together;
	if (some && (goal || together_of != q || !together_fails))
		done = search_run(&s, &found);
	if (goal && !goal->waived)
		together_add(q, done ? &found : NULL);
	out_add(json, ", \"repair\": ");
	if (done || !some)
		set_print(&found, json);
	else
		out_add(json, "null");
	free(s.goals);
	free(s.queue);
}

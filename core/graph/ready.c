/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The life of the nodes during a run. All decisions about what may run, and what
 * can no longer, are made here; the runner only asks and reports.
 */
#include "graph/graph.h"

#include "graph/heap.h"

static uint64_t
sum(uint64_t a, uint64_t b)
{
	uint64_t c;

	return __builtin_add_overflow(a, b, &c) ? UINT64_MAX : c;
}

/* Users come later in the order, so going backwards their chains are known. */
static void
weigh(struct graph *g)
{
	for (size_t i = g->len; i-- > 0;) {
		struct graph_node *n = g->topo[i];
		uint64_t behind = 0;

		for (size_t k = 0; k < n->users.len; k++)
			if (n->users.v[k]->selected && n->users.v[k]->chain > behind)
				behind = n->users.v[k]->chain;
		n->chain = sum(n->weight, behind);
	}
}

static void
enqueue(struct graph *g, struct graph_node *n)
{
	n->state = GRAPH_READY;
	graph_heap_push(&g->ready, n);
}

void
graph_start(struct graph *g)
{
	weigh(g);
	g->unfinished = 0;
	g->ready.len = 0;
	for (size_t i = 0; i < g->len; i++) {
		struct graph_node *n = &g->nodes[i];

		n->state = GRAPH_WAITING;
		n->waiting = 0;
		for (size_t k = 0; k < n->deps.len; k++)
			n->waiting += n->deps.v[k]->selected;
		if (!n->selected)
			continue;
		g->unfinished++;
		if (!n->waiting)
			enqueue(g, n);
	}
}

struct graph_node *
graph_next_ready(struct graph *g)
{
	struct graph_node *n = graph_heap_pop(&g->ready);

	if (n)
		n->state = GRAPH_RUNNING;
	return n;
}

size_t
graph_done(struct graph *g, struct graph_node *n)
{
	size_t ready = 0;

	n->state = GRAPH_DONE;
	g->unfinished--;
	for (size_t i = 0; i < n->users.len; i++) {
		struct graph_node *user = n->users.v[i];

		if (user->selected && --user->waiting == 0 &&
			user->state == GRAPH_WAITING) {
			enqueue(g, user);
			ready++;
		}
	}
	return ready;
}

void
graph_fail(struct graph *g, struct graph_node *n, graph_nodes *cancelled)
{
	graph_nodes wave = VEC_INIT;

	n->state = GRAPH_FAILED;
	g->unfinished--;
	vec_push(&wave, n);
	for (size_t i = 0; i < wave.len; i++) {
		const struct graph_node *gone = wave.v[i];

		for (size_t k = 0; k < gone->users.len; k++) {
			struct graph_node *user = gone->users.v[k];

			/* It waits for gone, so it is in no queue and not running. */
			if (!user->selected || user->state != GRAPH_WAITING)
				continue;
			user->state = GRAPH_CANCELLED;
			g->unfinished--;
			vec_push(&wave, user);
			if (cancelled)
				vec_push(cancelled, user);
		}
	}
	vec_release(&wave);
}

bool
graph_finished(const struct graph *g)
{
	return g->unfinished == 0;
}

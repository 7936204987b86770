/* SPDX-License-Identifier: GPL-3.0-only */
/* A binary heap; the nodes' own addresses are the recipe's order, so ties are stable. */
#include "graph/heap.h"

static bool
before(const struct graph_node *a, const struct graph_node *b)
{
	return a->chain != b->chain ? a->chain > b->chain : a < b;
}

static void
swap(graph_nodes *h, size_t i, size_t k)
{
	struct graph_node *n = h->v[i];

	h->v[i] = h->v[k];
	h->v[k] = n;
}

void
graph_heap_push(graph_nodes *heap, struct graph_node *n)
{
	vec_push(heap, n);
	for (size_t i = heap->len - 1; i && before(heap->v[i], heap->v[(i - 1) / 2]);) {
		swap(heap, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

struct graph_node *
graph_heap_pop(graph_nodes *heap)
{
	struct graph_node *top;
	size_t i = 0, first;

	if (!heap->len)
		return NULL;
	top = heap->v[0];
	heap->v[0] = heap->v[--heap->len];
	for (;; i = first) {
		first = i;
		for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < heap->len; k++)
			if (before(heap->v[k], heap->v[first]))
				first = k;
		if (first == i)
			return top;
		swap(heap, i, first);
	}
}

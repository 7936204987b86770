/* SPDX-License-Identifier: GPL-3.0-only */
/* The queue of ready nodes: heaviest chain first, then the recipe's order. */
#ifndef MSMV_GRAPH_HEAP_H
#define MSMV_GRAPH_HEAP_H

#include "graph/graph.h"

void graph_heap_push(graph_nodes *heap, struct graph_node *n);
/* NULL when empty. */
struct graph_node *graph_heap_pop(graph_nodes *heap);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Which stage may run next. Pure: no clock, no files, no processes, so a test can
 * play a whole build with numbers.
 *
 *	graph_build(&g, pipeline, &err)      nodes and edges; refuses cycles
 *	graph_select(&g, "initramfs", GRAPH_UNTIL, &err)       (optional)
 *	g.nodes[i].weight = ...              (optional; 1 each)
 *	graph_start(&g)
 *	while ((n = graph_next_ready(&g)))   up to -j of them at a time
 *		... graph_done(&g, n) or graph_fail(&g, n, &cancelled) when it ended
 *
 * A node counts the inputs that it still waits for. Of those that wait for
 * nothing, the one with the longest (heaviest) chain behind it goes first.
 */
#ifndef MSMV_GRAPH_GRAPH_H
#define MSMV_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "graph/stage.h"

enum graph_state {
	GRAPH_WAITING,  /* for inputs, or for graph_start */
	GRAPH_READY,    /* in the queue */
	GRAPH_RUNNING,  /* handed out by graph_next_ready */
	GRAPH_DONE,
	GRAPH_FAILED,
	GRAPH_CANCELLED /* something it needs failed */
};

struct graph_node;
typedef VEC(struct graph_node *) graph_nodes; /* owned arrays of borrowed nodes */

struct graph_node {
	const struct stage *stage;
	graph_nodes deps;  /* what it waits for, each once: inputs, then needs */
	graph_nodes users; /* what waits for it, each once */
	bool selected;
	enum graph_state state;
	size_t waiting;  /* selected deps that are not done */
	uint64_t weight; /* cost, in any unit; the caller may set it before graph_start */
	uint64_t chain;  /* heaviest chain of selected users, itself included */
	void *data;      /* the caller's own */
};

struct graph {
	struct graph_node *nodes; /* in the pipeline's order */
	size_t len;
	struct graph_node **topo; /* all of them, inputs before users; ties as in nodes */
	struct map by_name;       /* stage name -> node */
	graph_nodes ready;        /* a heap, heaviest chain first */
	size_t unfinished;        /* selected nodes waiting, ready or running */
	bool narrowed;            /* graph_select was called */
	const struct stage *blame; /* after a failed graph_build: a stage it is about */
};

#define GRAPH_INIT { NULL, 0, NULL, MAP_INIT, VEC_INIT, 0, false, NULL }

enum graph_select {
	GRAPH_UNTIL, /* the stage and everything that it needs */
	GRAPH_ONLY   /* the stage alone; what it needs counts as there */
};

/* g keeps pointers into p. Fails on a bad edge, a name used twice or a cycle. */
int graph_build(struct graph *g, const struct pipeline *p, struct err *err);
void graph_release(struct graph *g);
/* NULL if there is none. */
struct graph_node *graph_find(const struct graph *g, const char *stage);
/* The first call drops all other stages, further ones add theirs. */
int graph_select(
	struct graph *g, const char *stage, enum graph_select how, struct err *err);

/* Counts and queues; weights and selection are fixed from here on. */
void graph_start(struct graph *g);
/* The next node to run, marked running; NULL: none is ready now. */
struct graph_node *graph_next_ready(struct graph *g);
/* n was running. Returns how many nodes became ready by it. */
size_t graph_done(struct graph *g, struct graph_node *n);
/*
 * Marks n failed and everything selected that needs it cancelled; these are added
 * to cancelled, nearest first, unless it is NULL.
 */
void graph_fail(struct graph *g, struct graph_node *n, graph_nodes *cancelled);
/* True once no selected node is waiting, ready or running. */
bool graph_finished(const struct graph *g);

/* What is wrong with an edge: of an input, of a need, or (both NULL) of the stage. */
struct graph_fault {
	const struct stage *stage;
	const struct stage_input *input;
	const char *need;
	const char *text; /* with a did-you-mean where there is one */
};

/*
 * Checks all edges against both ends' plugins: stages and ports exist and are of one
 * kind, required ports are connected, single ones once. Returns how many faults it
 * reported. graph_build does this too, and fails with the first.
 */
size_t graph_check(const struct pipeline *p,
	void (*report)(void *arg, const struct graph_fault *fault), void *arg);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From stages with named edges to nodes with pointers, in an order in which they
 * could run. What can never run, a cycle, is found here and told by its path.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "graph/heap.h"

struct graph_node *
graph_find(const struct graph *g, const char *stage)
{
	return map_get(&g->by_name, stage);
}

static void
add_edge(struct graph *g, struct graph_node *user, const char *producer)
{
	struct graph_node *dep = graph_find(g, producer);

	/* All edges of user are added in one go, so a repeated one is dep's last. */
	if (dep->users.len && dep->users.v[dep->users.len - 1] == user)
		return;
	vec_push(&user->deps, dep);
	vec_push(&dep->users, user);
}

static void
add_edges(struct graph *g)
{
	for (size_t i = 0; i < g->len; i++) {
		struct graph_node *n = &g->nodes[i];

		for (size_t k = 0; k < n->stage->inputs.len; k++)
			add_edge(g, n, n->stage->inputs.v[k].from_stage);
		for (size_t k = 0; k < n->stage->needs.len; k++)
			add_edge(g, n, n->stage->needs.v[k]);
	}
}

static int
add_nodes(struct graph *g, const struct pipeline *p, struct err *err)
{
	g->len = p->stages.len;
	g->nodes = xcalloc(g->len, sizeof(*g->nodes));
	g->topo = xcalloc(g->len, sizeof(struct graph_node *));
	for (size_t i = 0; i < g->len; i++) {
		g->nodes[i] = (struct graph_node){
			.stage = p->stages.v[i], .selected = true, .weight = 1 };
		if (map_put(&g->by_name, p->stages.v[i]->name, &g->nodes[i])) {
			g->blame = p->stages.v[i];
			return err_set(err, "two stages are named %s", g->blame->name);
		}
	}
	return 0;
}

/*
 * Called when node waits although nothing is left to run: each such node has a dep
 * that waits too, so going from dep to dep must come back to where it has been.
 */
static int
report_cycle(struct graph *g, struct graph_node *node, struct err *err)
{
	cleanup_free size_t *step = xcalloc(g->len, sizeof(*step));
	graph_nodes path = VEC_INIT;
	cleanup_str struct str text = STR_INIT;

	while (!step[node - g->nodes]) {
		vec_push(&path, node);
		step[node - g->nodes] = path.len;
		for (size_t i = 0; i < node->deps.len; i++) {
			if (node->deps.v[i]->waiting) {
				node = node->deps.v[i];
				break;
			}
		}
	}
	g->blame = node->stage;
	for (size_t i = step[node - g->nodes] - 1; i < path.len; i++)
		str_addf(&text, "%s -> ", path.v[i]->stage->name);
	vec_release(&path);
	return err_set(err, "stages wait for each other: %s%s (each needs the next)",
		str_text(&text), node->stage->name);
}

/* Kahn's way, with a heap instead of a queue so that ties follow the recipe. */
static int
sort(struct graph *g, struct err *err)
{
	graph_nodes free_now = VEC_INIT;
	struct graph_node *n;
	size_t sorted = 0;

	for (size_t i = 0; i < g->len; i++) {
		g->nodes[i].waiting = g->nodes[i].deps.len;
		if (!g->nodes[i].waiting)
			graph_heap_push(&free_now, &g->nodes[i]);
	}
	while ((n = graph_heap_pop(&free_now))) {
		g->topo[sorted++] = n;
		for (size_t i = 0; i < n->users.len; i++)
			if (--n->users.v[i]->waiting == 0)
				graph_heap_push(&free_now, n->users.v[i]);
	}
	vec_release(&free_now);
	for (size_t i = 0; sorted < g->len && i < g->len; i++)
		if (g->nodes[i].waiting)
			return report_cycle(g, &g->nodes[i], err);
	return 0;
}

/* Where the faults of one build go. */
struct first_fault {
	struct err *err;
	const struct stage *stage;
};

static void
keep_first(void *arg, const struct graph_fault *fault)
{
	struct first_fault *first = arg;

	if (!first->stage)
		first->stage = fault->stage;
	err_set(first->err, "stage %s: %s", fault->stage->name, fault->text);
}

int
graph_build(struct graph *g, const struct pipeline *p, struct err *err)
{
	struct first_fault first = { err, NULL };
	const struct stage *blame;

	*g = (struct graph)GRAPH_INIT;
	if (add_nodes(g, p, err) == 0 && graph_check(p, keep_first, &first) == 0) {
		add_edges(g);
		if (sort(g, err) == 0)
			return 0;
	}
	blame = first.stage ? first.stage : g->blame;
	graph_release(g);
	g->blame = blame;
	return -1;
}

void
graph_release(struct graph *g)
{
	for (size_t i = 0; i < g->len; i++) {
		vec_release(&g->nodes[i].deps);
		vec_release(&g->nodes[i].users);
	}
	free(g->nodes);
	free(g->topo);
	map_release(&g->by_name, NULL);
	vec_release(&g->ready);
	*g = (struct graph)GRAPH_INIT;
}

/* ---- Selection ------------------------------------------------------- */

static int
no_such_stage(const struct graph *g, const char *stage, struct err *err)
{
	cleanup_free const char **names = xcalloc(g->len, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < g->len; i++)
		names[i] = g->nodes[i].stage->name;
	near = suggest(stage, names, g->len);
	if (near)
		return err_set(
			err, "there is no stage %s; did you mean %s?", stage, near);
	return err_set(err, "there is no stage %s; msmv plan lists them", stage);
}

int
graph_select(struct graph *g, const char *stage, enum graph_select how, struct err *err)
{
	struct graph_node *n = graph_find(g, stage);

	if (!n)
		return no_such_stage(g, stage, err);
	for (size_t i = 0; i < g->len && !g->narrowed; i++)
		g->nodes[i].selected = false;
	g->narrowed = true;
	n->selected = true;
	if (how == GRAPH_ONLY)
		return 0;
	/* Users come after what they need, so one walk backwards reaches everything. */
	cleanup_free bool *wanted = xcalloc(g->len, sizeof(*wanted));

	wanted[n - g->nodes] = true;
	for (size_t i = g->len; i-- > 0;) {
		n = g->topo[i];
		if (!wanted[n - g->nodes])
			continue;
		n->selected = true;
		for (size_t k = 0; k < n->deps.len; k++)
			wanted[n->deps.v[k] - g->nodes] = true;
	}
	return 0;
}

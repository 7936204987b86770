/* SPDX-License-Identifier: GPL-3.0-only */
/* Before the first stage: the graph, the selection, and what each plugin must know. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/facts.h"
#include "run/offline.h"
#include "run/resolve.h"
#include "run/runner.h"
#include "store/claim.h"

static int
select_stages(struct run *r, struct err *err)
{
	for (size_t i = 0; r->opt.until && r->opt.until[i]; i++)
		if (graph_select(&r->graph, r->opt.until[i], GRAPH_UNTIL, err) < 0)
			return -1;
	for (size_t i = 0; r->opt.only && r->opt.only[i]; i++)
		if (graph_select(&r->graph, r->opt.only[i], GRAPH_ONLY, err) < 0)
			return -1;
	return 0;
}

static void
make_jobs(struct run *r)
{
	r->jobs = xcalloc(r->graph.len, sizeof(*r->jobs));
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];

		j->pipeline = r->pipeline;
		j->node = &r->graph.nodes[i];
		j->stage = j->node->stage;
		j->proc.wire = j->publish_fd = j->claim = j->log_fd = -1;
		j->log_path = state_log_path(&r->state, j->stage->name);
		j->node->data = j;
	}
}

/* All of them are asked before any work, so that all missing tools show at once. */
static int
ask_all(struct run *r, struct err *err)
{
	cleanup_str struct str all = STR_INIT;
	size_t problems = 0;

	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = &r->jobs[i];
		struct err one = ERR_INIT;

		if ((j->node->selected || r->opt.only) &&
		    facts_get(r->ctx, j->stage, &j->facts, &j->problems, &one) < 0 &&
		    !problems_say(&j->problems, err_msg(&one))) {
			job_explain_full(r->ctx, &one);
			str_addf(&all, "%s%s: %s", all.len ? "\n" : "", j->stage->name,
				err_msg(&one));
		}
		problems += j->problems.seen;
		err_clear(&one);
	}
	if (problems && !all.len)
		str_addf(&all, "the recipe asks for what cannot be, in %zu place%s", problems,
			problems == 1 ? "" : "s");
	return all.len ? err_set(err, "%s", all.p) : 0;
}

/* --only: what the stage needs is looked up, not run. */
static int
resolve_ancestors(struct run *r, struct err *err)
{
	for (size_t i = 0; i < r->graph.len; i++) {
		struct job *j = r->graph.topo[i]->data;

		if (!j->node->selected && resolve_job(r, j, err) < 0)
			return -1;
	}
	return 0;
}

int
run_open(struct run *r, struct context *ctx, const struct pipeline *p,
	const struct run_options *opt, struct err *err)
{
	*r = (struct run){ .ctx = ctx, .pipeline = p, .opt = *opt, .graph = GRAPH_INIT,
		.state = STATE_INIT, .group = GROUP_INIT, .signals = -1 };
	if (graph_build(&r->graph, p, err) < 0 || select_stages(r, err) < 0 ||
	    state_load(&r->state, ctx, p->recipe, err) < 0)
		return -1;
	make_jobs(r);
	if (ask_all(r, err) < 0)
		return -1;
	if (opt->only && resolve_ancestors(r, err) < 0)
		return -1;
	return ctx->offline ? offline_check(r, err) : 0;
}

void
run_close(struct run *r)
{
	for (size_t i = 0; r->jobs && i < r->graph.len; i++) {
		claim_give(r->jobs[i].key, r->jobs[i].claim);
		job_release(&r->jobs[i]);
	}
	free(r->jobs);
	group_release(&r->group);
	graph_release(&r->graph);
	state_release(&r->state);
}

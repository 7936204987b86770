/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Edges are written as names, by people and by lowering; this is where a name that
 * leads nowhere is found, before anything runs.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "msmv/plugin.h"

/* Faults with a did-you-mean: to look for more would cost and help nobody. */
enum { HINTS = 100 };

typedef VEC(const char *) names;

struct check {
	const struct pipeline *pipeline;
	struct map stages; /* name -> const struct stage *, cast as maps hold void * */
	void (*report)(void *arg, const struct graph_fault *fault);
	void *arg;
	size_t faults;
};

static void report(struct check *c, struct graph_fault fault, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
report(struct check *c, struct graph_fault fault, const char *fmt, ...)
{
	cleanup_str struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	fault.text = str_text(&text);
	c->faults++;
	c->report(c->arg, &fault);
}

/* "; did you mean X?", or "; it has: a, b" when nothing is near; the caller frees. */
static char *
hint(const char *word, const names *known)
{
	const char *near = suggest(word, known->v, known->len);
	struct str all = STR_INIT;

	if (near)
		return xasprintf("; did you mean %s?", near);
	for (size_t i = 0; i < known->len; i++)
		str_addf(&all, "%s%s", i ? ", " : "; it has: ", known->v[i]);
	return str_take(&all);
}

static char *
hint_port(const char *word, const struct port_info *ports, size_t n)
{
	names known = VEC_INIT;
	char *text;

	for (size_t i = 0; i < n; i++)
		vec_push(&known, ports[i].name);
	text = hint(word, &known);
	vec_release(&known);
	return text;
}

static const struct stage *
find_producer(struct check *c, struct graph_fault at, const char *name)
{
	const struct stage *from = map_get(&c->stages, name);
	names known = VEC_INIT;
	const char *near;

	if (from)
		return from;
	for (size_t i = 0; c->faults < HINTS && i < c->pipeline->stages.len; i++)
		vec_push(&known, c->pipeline->stages.v[i]->name);
	near = suggest(name, known.v, known.len);
	report(c, at, "there is no stage %s%s%s%s", name, near ? "; did you mean " : "",
		near ? near : "", near ? "?" : "");
	vec_release(&known);
	return NULL;
}

static const char *
kind_name(uint32_t kind)
{
	return kind == MSMV_PORT_TREE ? "a tree" : "a file";
}

static void
check_input(struct check *c, const struct stage *s, const struct stage_input *in)
{
	struct graph_fault at = { .stage = s, .input = in };
	const struct plugin_info *p = s->plugin;
	const struct stage *from = find_producer(c, at, in->from_stage);
	const struct port_info *to = plugin_input(p, in->port);
	const struct port_info *out =
		from ? plugin_output(from->plugin, in->from_port) : NULL;

	if (!to) {
		cleanup_free char *tip = hint_port(in->port, p->inputs.v, p->inputs.len);

		report(c, at, "plugin %s has no input port %s%s", p->name, in->port, tip);
	}
	if (from && !out) {
		cleanup_free char *tip = hint_port(in->from_port, from->plugin->outputs.v,
			from->plugin->outputs.len);

		report(c, at, "stage %s (plugin %s) has no output port %s%s", from->name,
			from->plugin->name, in->from_port, tip);
	}
	if (to && out && to->kind != out->kind)
		report(c, at, "input %s takes %s, but %s:%s is %s", in->port,
			kind_name(to->kind), in->from_stage, in->from_port,
			kind_name(out->kind));
}

static void
check_ports(struct check *c, const struct stage *s)
{
	for (size_t i = 0; i < s->plugin->inputs.len; i++) {
		const struct port_info *port = &s->plugin->inputs.v[i];
		struct graph_fault at = { .stage = s };
		size_t n = 0;

		for (size_t k = 0; k < s->inputs.len; k++)
			if (streq(s->inputs.v[k].port, port->name) && ++n == 2)
				at.input = &s->inputs.v[k];
		if (n > 1 && !(port->flags & MSMV_PORT_MANY))
			report(c, at, "input %s takes one artifact, not %zu", port->name,
				n);
		if (!n && !(port->flags & MSMV_PORT_OPTIONAL) &&
			!(port->flags & MSMV_PORT_MANY))
			report(c, at, "input %s of plugin %s is not connected",
				port->name, s->plugin->name);
	}
}

size_t
graph_check(const struct pipeline *p,
	void (*report_fault)(void *arg, const struct graph_fault *fault), void *arg)
{
	struct check c = { p, MAP_INIT, report_fault, arg, 0 };

	for (size_t i = 0; i < p->stages.len; i++)
		map_put(&c.stages, p->stages.v[i]->name, p->stages.v[i]);
	for (size_t i = 0; i < p->stages.len; i++) {
		const struct stage *s = p->stages.v[i];

		for (size_t k = 0; k < s->inputs.len; k++)
			check_input(&c, s, &s->inputs.v[k]);
		for (size_t k = 0; k < s->needs.len; k++) {
			struct graph_fault at = { .stage = s, .need = s->needs.v[k] };

			find_producer(&c, at, s->needs.v[k]);
		}
		check_ports(&c, s);
	}
	map_release(&c.stages, NULL);
	return c.faults;
}

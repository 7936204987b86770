/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Architectures are lowered as if each were alone, and joined after that: no rule of
 * the lowering has to know that there can be several.
 */
#include "recipe/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "graph/graph.h"
#include "msmv/plugin.h"

/* One architecture on its way. */
struct line {
	const char *arch;
	struct pipeline pipeline;
	struct map stages; /* name -> struct stage * */
	bool picked;       /* by --arch, or there was none */
};

struct matrix {
	struct line *lines;
	size_t len;
	struct map shared; /* name -> the first line's stage */
};

/* [arch.x86-64] would do nothing, and say nothing. */
static void
check_arch_names(const struct value *root, const struct catalog *catalog,
	struct diags *diags)
{
	const struct value *all = value_get(root, "arch");
	VEC(const char *) names = VEC_INIT;

	for (size_t i = 0; i < catalog->plugins.len; i++)
		for (size_t k = 0; k < catalog->plugins.v[i]->provides.len; k++)
			if (str_starts(catalog->plugins.v[i]->provides.v[k], "arch:"))
				vec_push(&names, catalog->plugins.v[i]->provides.v[k] + 5);
	for (size_t i = 0; all && all->kind == VALUE_TABLE && i < all->table.len; i++) {
		const struct map_item *item = &all->table.items[i];
		const struct value *v = item->value;
		cleanup_free char *capability = xasprintf("arch:%s", arch_name(item->key));
		const char *near;

		if (catalog_provider(catalog, capability))
			continue;
		diag_error(diags, v->key_pos, "[arch.%s]: no plugin provides %s",
			item->key, capability);
		near = diags_suggest(diags, item->key, names.v, names.len);
		if (near)
			diag_hint(diags, "did you mean %s?", near);
	}
	vec_release(&names);
}

/* ---- Stages that all have in common ---------------------------------- */

static bool
equal_options(const struct stage *a, const struct stage *b)
{
	if (a->options.len != b->options.len)
		return false;
	for (size_t i = 0; i < a->options.len; i++) {
		const struct stage_option *x = &a->options.v[i], *y = &b->options.v[i];

		if (!streq(x->name, y->name) || x->count != y->count)
			return false;
		for (size_t k = 0; k < x->count; k++)
			if (!streq(x->values[k], y->values[k]) ||
				(x->keys && !streq(x->keys[k], y->keys[k])))
				return false;
	}
	return true;
}

static bool
equal_edges(const struct stage *a, const struct stage *b)
{
	if (a->inputs.len != b->inputs.len || a->needs.len != b->needs.len)
		return false;
	for (size_t i = 0; i < a->inputs.len; i++) {
		const struct stage_input *x = &a->inputs.v[i], *y = &b->inputs.v[i];

		if (!streq(x->port, y->port) || !streq(x->from_stage, y->from_stage) ||
			!streq(x->from_port, y->from_port))
			return false;
	}
	for (size_t i = 0; i < a->needs.len; i++)
		if (!streq(a->needs.v[i], b->needs.v[i]))
			return false;
	return true;
}

static bool
is_shared(const struct matrix *m, const struct graph_node *n)
{
	const struct stage *s = n->stage;

	if (!(s->plugin->flags & MSMV_PLUGIN_ANY_ARCH))
		return false;
	for (size_t i = 0; i < n->deps.len; i++)
		if (!map_get(&m->shared, n->deps.v[i]->stage->name))
			return false;
	for (size_t i = 1; i < m->len; i++) {
		const struct stage *other = map_get(&m->lines[i].stages, s->name);

		if (!other || other->plugin != s->plugin || !equal_options(s, other) ||
			!equal_edges(s, other))
			return false;
	}
	return true;
}

/* Inputs before users, so what a stage is made of has been judged before it. */
static int
find_shared(struct matrix *m, struct err *err)
{
	struct graph g = GRAPH_INIT;

	for (size_t i = 1; i < m->len; i++)
		for (size_t k = 0; k < m->lines[i].pipeline.stages.len; k++)
			map_put(&m->lines[i].stages, m->lines[i].pipeline.stages.v[k]->name,
				m->lines[i].pipeline.stages.v[k]);
	if (graph_build(&g, &m->lines[0].pipeline, err) < 0)
		return -1;
	for (size_t i = 0; i < g.len; i++)
		if (is_shared(m, g.topo[i]))
			map_put(&m->shared, g.topo[i]->stage->name, m);
	graph_release(&g);
	return 0;
}

/* ---- One pipeline ---------------------------------------------------- */

/* NAME becomes NAME@ARCH, unless all have it in common. */
static void
rename_text(const struct matrix *m, char **name, const char *arch)
{
	char *old = *name;

	if (map_get(&m->shared, old))
		return;
	*name = xasprintf("%s@%s", old, arch);
	free(old);
}

static void
move_stage(struct matrix *m, struct line *line, struct stage *s, struct pipeline *out)
{
	bool shared = map_get(&m->shared, s->name) != NULL;

	if (shared ? line != m->lines : !line->picked) {
		stage_free(s);
		return;
	}
	for (size_t i = 0; i < s->inputs.len; i++)
		rename_text(m, &s->inputs.v[i].from_stage, line->arch);
	for (size_t i = 0; i < s->needs.len; i++)
		rename_text(m, &s->needs.v[i], line->arch);
	rename_text(m, &s->name, line->arch);
	if (shared) {
		free(s->arch);
		s->arch = NULL;
		s->arch_plugin = NULL;
	}
	vec_push(&out->stages, s);
}

static void
move_export(struct matrix *m, struct line *line, struct export *e, struct pipeline *out)
{
	bool shared = map_get(&m->shared, e->stage) != NULL;

	if (shared ? line != m->lines : !line->picked) {
		export_release(e);
		return;
	}
	rename_text(m, &e->stage, line->arch);
	if (!shared)
		e->folder = xstrdup(line->arch);
	vec_push(&out->exports, *e);
}

static void
join(struct matrix *m, struct pipeline *out)
{
	struct str archs = STR_INIT;

	out->name = xstrdup(m->lines[0].pipeline.name);
	out->recipe = xstrdup(m->lines[0].pipeline.recipe);
	for (size_t i = 0; i < m->len; i++) {
		struct line *line = &m->lines[i];

		for (size_t k = 0; k < line->pipeline.stages.len; k++)
			move_stage(m, line, line->pipeline.stages.v[k], out);
		for (size_t k = 0; k < line->pipeline.exports.len; k++)
			move_export(m, line, &line->pipeline.exports.v[k], out);
		line->pipeline.stages.len = line->pipeline.exports.len = 0;
		if (line->picked)
			str_addf(&archs, "%s%s", archs.len ? ", " : "", line->arch);
	}
	out->arch = str_take(&archs);
}

/* ---- The whole ------------------------------------------------------- */

static bool
is_picked(const char *arch, const struct choices *c)
{
	for (size_t i = 0; c->archs && c->archs[i]; i++)
		if (streq(arch_name(c->archs[i]), arch))
			return true;
	return !c->archs || !c->archs[0];
}

static int
lower_lines(struct matrix *m, const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, const struct choices *c, const struct targets *t,
	struct diags *diags, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < m->len && !(err && err->msg); i++) {
		cleanup_diags struct diags own = DIAGS_INIT;
		cleanup_value struct value *one = NULL;

		m->lines[i].arch = t->list.v[i].arch;
		m->lines[i].picked = is_picked(m->lines[i].arch, c);
		one = variant_make(root, c, &t->list.v[i], &own, err);
		if (!one || lower(one, catalog, env, &m->lines[i].pipeline, &own) < 0)
			result = -1;
		diags_join(diags, &own);
	}
	return result;
}

static void
matrix_release(struct matrix *m)
{
	for (size_t i = 0; i < m->len; i++) {
		pipeline_release(&m->lines[i].pipeline);
		map_release(&m->lines[i].stages, NULL);
	}
	map_release(&m->shared, NULL);
	free(m->lines);
}

static int
lower_targets(struct matrix *m, struct pipeline *out, struct diags *diags)
{
	cleanup_err struct err err = ERR_INIT;

	if (m->len == 1) {
		*out = m->lines[0].pipeline;
		m->lines[0].pipeline = (struct pipeline)PIPELINE_INIT;
		return 0;
	}
	if (find_shared(m, &err) < 0)
		return diag_error(diags, POS_NONE, "%s", err_msg(&err));
	join(m, out);
	return 0;
}

int
recipe_lower(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, const struct choices *choices, struct pipeline *out,
	struct diags *diags, struct err *err)
{
	struct targets t = TARGETS_INIT;
	struct matrix m = { NULL, 0, MAP_INIT };
	size_t first = diags->list.len, errors = diags->errors;
	int result;

	check_arch_names(root, catalog, diags);
	result = variant_targets(&t, root, choices, env->host_arch, diags, err);
	if (result == 0) {
		m.len = t.list.len;
		m.lines = xcalloc(m.len, sizeof(*m.lines));
		result = lower_lines(&m, root, catalog, env, choices, &t, diags, err);
	}
	if (result == 0 && diags->errors == errors)
		result = lower_targets(&m, out, diags);
	sources_copy(&out->sources, &diags->sources);
	diags_sort(diags, first);
	matrix_release(&m);
	targets_release(&t);
	return diags->errors > errors ? -1 : result;
}

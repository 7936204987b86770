/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [stage.NAME] reaches any plugin directly: plugin, needs and inputs are read here,
 * every other key is an option of the plugin.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "msmv/plugin.h"

/* [stage.kernel.extra] is a table extra in a stage kernel. */
static bool
holds_stages(const struct value *table)
{
	for (size_t i = 0; i < table->table.len; i++)
		if (value_get(table->table.items[i].value, "plugin"))
			return true;
	return false;
}

static const struct plugin_info *
find_plugin(struct lower *l, const struct section *sec)
{
	const char *name = section_text(l, sec, "plugin");
	const struct plugin_info *p = name ? catalog_find(l->catalog, name) : NULL;
	VEC(const char *) names = VEC_INIT;
	const char *near;

	if (!name && !section_has(sec, "plugin")) {
		diag_error(l->diags, sec->pos, "%s plugin is missing", sec->name);
		if (holds_stages(sec->table))
			diag_hint(l->diags, "a stage's name with a dot in it is quoted: "
					    "[stage.\"kernel.extra\"]");
	}
	if (p || !name)
		return p;
	for (size_t i = 0; i < l->catalog->plugins.len; i++)
		vec_push(&names, l->catalog->plugins.v[i]->name);
	near = diags_suggest(l->diags, name, names.v, names.len);
	diag_error(l->diags, value_get(sec->table, "plugin")->pos,
		"%s there is no plugin %s", sec->name, name);
	if (near)
		diag_hint(l->diags, "did you mean %s?", near);
	else
		diag_hint(l->diags, "msmv plugins list shows what there is");
	vec_release(&names);
	return NULL;
}

/* "STAGE:PORT"; a stage's name may hold dots but no colon. */
static void
connect(struct lower *l, const struct section *sec, struct stage *s, const char *port,
	const struct value *v)
{
	const char *text = v->kind == VALUE_STRING ? v->string.s : NULL;
	const char *colon = text ? strchr(text, ':') : NULL;
	cleanup_free char *from = NULL;

	if (!colon || colon == text || !colon[1]) {
		diag_error(l->diags, v->pos, "%s input %s wants \"STAGE:PORT\"",
			sec->name, port);
		return;
	}
	from = xstrndup(text, (size_t)(colon - text));
	stage_connect(s, port, from, colon + 1);
}

static void
read_inputs(struct lower *l, const struct section *sec, struct stage *s)
{
	const struct value *inputs = value_get(sec->table, "inputs");

	if (!inputs)
		return;
	if (inputs->kind != VALUE_TABLE) {
		diag_error(l->diags, inputs->pos, "%s inputs wants a table, not %s",
			sec->name, value_kind_name(inputs->kind));
		diag_hint(l->diags, "as in inputs = { source = \"kernel.source:file\" }");
		return;
	}
	for (size_t i = 0; i < inputs->table.len; i++) {
		const char *port = inputs->table.items[i].key;
		const struct value *v = inputs->table.items[i].value;

		if (v->kind != VALUE_ARRAY)
			connect(l, sec, s, port, v);
		else
			for (size_t k = 0; k < v->array.len; k++)
				connect(l, sec, s, port, v->array.v[k]);
	}
}

static bool
name_is_valid(const char *name)
{
	/* A log is named after it, and file names end at 255 bytes. */
	return *name && strlen(name) <= 200 && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")];
}

static void
read_stage(struct lower *l, const struct value *table, const char *key)
{
	cleanup_free char *name = xasprintf("[stage.%s]", key);
	const struct plugin_info *p;
	struct section sec;
	struct stage *s = NULL;
	texts needs = VEC_INIT;

	section_open(l, &sec, table, key, name);
	if (sec.table) {
		if (!name_is_valid(key) || *key == '.')
			diag_error(l->diags, sec.pos, "%s: \"%s\" cannot name a stage "
				"(letters, digits, . _ + -)", name, key);
		section_keys(l, &sec, "stage");
		p = find_plugin(l, &sec);
		s = p ? lower_stage(l, &sec, key, sec.pos, p) : NULL;
	}
	if (s) {
		section_add(&sec, s);
		section_texts(l, &sec, "needs", &needs);
		for (size_t i = 0; i < needs.len; i++)
			vec_push(&s->needs, xstrdup(needs.v[i]->string.s));
		read_inputs(l, &sec, s);
		section_route(l, &sec);
	} else {
		l->incomplete = true;
	}
	vec_release(&needs);
	section_release(&sec);
}

/* What nobody takes in is what the recipe is for. */
static void
export_ends(struct lower *l, size_t first)
{
	struct map taken = MAP_INIT;

	for (size_t i = 0; i < l->out->stages.len; i++)
		for (size_t k = 0; k < l->out->stages.v[i]->inputs.len; k++)
			map_put(&taken, l->out->stages.v[i]->inputs.v[k].from_stage, l);
	for (size_t i = first; i < l->out->stages.len; i++) {
		const struct stage *s = l->out->stages.v[i];

		for (size_t k = 0;
			!map_get(&taken, s->name) && k < s->plugin->outputs.len; k++)
			if (!(s->plugin->outputs.v[k].flags & MSMV_PORT_ASIDE))
				lower_export(l, s, s->plugin->outputs.v[k].name, NULL);
	}
	map_release(&taken, NULL);
}

void
lower_stages(struct lower *l)
{
	const struct value *table = value_get(l->root, "stage");
	size_t first = l->out->stages.len;

	if (!table)
		return;
	if (table->kind != VALUE_TABLE) {
		diag_error(l->diags, lower_pos(table),
			"stage wants tables, as [stage.hello], not %s",
			value_kind_name(table->kind));
		return;
	}
	for (size_t i = 0; i < table->table.len; i++)
		read_stage(l, table, table->table.items[i].key);
	export_ends(l, first);
}

/* ---- Places of edges ------------------------------------------------- */

/* The member of a list (or the text alone) that reads so; else the list. */
static struct pos
pos_in(const struct value *v, const char *text)
{
	for (size_t i = 0; v->kind == VALUE_ARRAY && i < v->array.len; i++)
		if (v->array.v[i]->kind == VALUE_STRING &&
			streq(v->array.v[i]->string.s, text))
			return v->array.v[i]->pos;
	return v->pos;
}

struct pos
lower_stages_pos(const struct lower *l, const struct stage *s,
	const struct stage_input *input, const char *need)
{
	const struct value *table = value_get(value_get(l->root, "stage"), s->name);
	const struct value *v = NULL;

	if (input) {
		cleanup_free char *text =
			xasprintf("%s:%s", input->from_stage, input->from_port);

		v = value_get(value_get(table, "inputs"), input->port);
		if (v)
			return pos_in(v, text);
	}
	if (need)
		v = value_get(table, "needs");
	return v ? pos_in(v, need) : s->pos;
}

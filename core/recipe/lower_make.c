/* SPDX-License-Identifier: GPL-3.0-only */
/* How stages come into being and find each other: plugins by capability, ports by name.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "msmv/plugin.h"

struct pos
lower_pos(const struct value *v)
{
	return v->key_pos.line ? v->key_pos : v->pos;
}

void
lower_hint_capability(struct lower *l, const char *capability)
{
	size_t prefix = strcspn(capability, ":") + 1;
	VEC(const char *) names = VEC_INIT;
	cleanup_str struct str all = STR_INIT;
	const char *near;

	if (diags_full(l->diags))
		return;
	for (size_t i = 0; i < l->catalog->plugins.len; i++) {
		const struct plugin_info *p = l->catalog->plugins.v[i];

		for (size_t k = 0; k < p->provides.len; k++)
			if (strncmp(p->provides.v[k], capability, prefix) == 0) {
				vec_push(&names, p->provides.v[k] + prefix);
				str_addf(&all, "%s%s", all.len ? ", " : "",
					p->provides.v[k] + prefix);
			}
	}
	near = suggest(capability + prefix, names.v, names.len);
	if (near)
		diag_hint(l->diags, "did you mean %s?", near);
	if (names.len)
		diag_hint(l->diags, "there is: %s", str_text(&all));
	else
		diag_hint(l->diags, "msmv plugins list shows what there is");
	vec_release(&names);
}

const struct plugin_info *
lower_provider(
	struct lower *l, const char *section, struct pos pos, const char *capability)
{
	const struct plugin_info *p = catalog_provider(l->catalog, capability);

	if (p && p->kind == MSMV_KIND_STAGE)
		return p;
	l->incomplete = true;
	diag_error(l->diags, pos, "%s no plugin provides %s", section, capability);
	lower_hint_capability(l, capability);
	return NULL;
}

struct stage *
lower_stage(struct lower *l, const struct section *sec, const char *name, struct pos pos,
	const struct plugin_info *plugin)
{
	struct stage *s;

	if (map_get(&l->homes, name)) {
		l->incomplete = true;
		diag_error(l->diags, pos, "%s makes a second stage named %s", sec->name,
			name);
		return NULL;
	}
	s = stage_new(name, plugin);
	s->pos = pos;
	s->section = xstrdup(sec->name);
	s->arch = l->out->arch ? xstrdup(l->out->arch) : NULL;
	s->arch_plugin = l->out->arch_plugin;
	vec_push(&l->out->stages, s);
	map_put(&l->homes, name, xstrdup(sec->name));
	return s;
}

/* Where one more value of the option goes; NULL: nowhere. */
static struct stage_option *
room_for(struct stage *s, const char *option)
{
	const struct option_info *o = s ? plugin_option(s->plugin, option) : NULL;

	if (!o)
		return NULL;
	/* Only a MAP grows; whatever else was said already stands. */
	for (size_t i = 0; i < s->options.len; i++)
		if (streq(s->options.v[i].name, option))
			return o->type == MSMV_TYPE_MAP ? &s->options.v[i] : NULL;
	return stage_add_option(s, option, o->type, o->flags);
}

void
lower_default(struct stage *s, const char *option, const char *key, const char *value)
{
	struct stage_option *o = room_for(s, option);

	if (o)
		stage_option_add(o, key, value);
}

void
lower_entry(struct stage *s, const char *option, const char *key, const char *value,
	const struct section *sec, const struct value *from)
{
	struct stage_option *o = room_for(s, option);

	if (!o)
		return;
	stage_option_add_at(o, key, value, lower_pos(from));
	stage_option_from(o, sec->name);
}

void
lower_connect(struct stage *s, const char *port, const struct stage *from,
	const char *from_port)
{
	if (s && from && plugin_input(s->plugin, port) &&
		plugin_output(from->plugin, from_port))
		stage_connect(s, port, from->name, from_port);
}

void
lower_connect_offers(struct stage *s, const offers *o)
{
	for (size_t i = 0; i < s->plugin->inputs.len; i++)
		for (size_t k = 0; k < o->len; k++)
			if (streq(o->v[k].port, s->plugin->inputs.v[i].name))
				lower_connect(s, o->v[k].port, o->v[k].from,
					o->v[k].from_port);
}

void
lower_export(
	struct lower *l, const struct stage *s, const char *port, const char *filename)
{
	struct export e;

	if (!s || !plugin_output(s->plugin, port))
		return;
	e = (struct export){ xstrdup(s->name), xstrdup(port),
		filename ? xstrdup(filename) : NULL, NULL };
	vec_push(&l->out->exports, e);
}

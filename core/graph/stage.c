/* SPDX-License-Identifier: GPL-3.0-only */
/* Lowering makes stages and everyone else reads them; their memory is managed here. */
#include "graph/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"

struct stage *
stage_new(const char *name, const struct plugin_info *plugin)
{
	struct stage *s = xcalloc(1, sizeof(*s));

	s->name = xstrdup(name);
	s->plugin = plugin;
	return s;
}

static void
option_release(struct stage_option *o)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->keys)
			free(o->keys[i]);
		free(o->values[i]);
		free(o->sections[i]);
	}
	free(o->keys);
	free(o->values);
	free(o->places);
	free(o->sections);
	free(o->section);
	free(o->name);
}

void
stage_free(struct stage *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->options.len; i++)
		option_release(&s->options.v[i]);
	for (size_t i = 0; i < s->inputs.len; i++) {
		free(s->inputs.v[i].port);
		free(s->inputs.v[i].from_stage);
		free(s->inputs.v[i].from_port);
		free(s->inputs.v[i].file);
	}
	for (size_t i = 0; i < s->needs.len; i++)
		free(s->needs.v[i]);
	vec_release(&s->options);
	vec_release(&s->inputs);
	vec_release(&s->needs);
	free(s->section);
	free(s->name);
	free(s->arch);
	free(s->label);
	free(s->version);
	free(s->license);
	free(s->locked);
	free(s);
}

struct stage_option *
stage_add_option(struct stage *s, const char *name, uint32_t type, uint32_t flags)
{
	struct stage_option o = { .name = xstrdup(name), .type = type, .flags = flags };

	vec_push(&s->options, o);
	return &s->options.v[s->options.len - 1];
}

void
stage_option_add(struct stage_option *o, const char *key, const char *value)
{
	stage_option_add_at(o, key, value, POS_NONE);
}

void
stage_option_add_at(struct stage_option *o, const char *key, const char *value,
	struct pos pos)
{
	/* A MAP has keys always; PATHS have them if the first one came with one. */
	bool keyed = o->type == MSMV_TYPE_MAP || o->keys || (!o->count && key);

	/* Full exactly when count is a power of two, so no capacity is kept. */
	if ((o->count & (o->count - 1)) == 0) {
		size_t cap = o->count ? o->count * 2 : 1;

		o->values = xreallocarray(o->values, cap, sizeof(*o->values));
		o->places = xreallocarray(o->places, cap, sizeof(*o->places));
		o->sections = xreallocarray(o->sections, cap, sizeof(*o->sections));
		if (keyed)
			o->keys = xreallocarray(o->keys, cap, sizeof(*o->keys));
	}
	if (keyed)
		o->keys[o->count] = xstrdup(key ? key : "");
	o->places[o->count] = pos;
	o->sections[o->count] = NULL;
	o->values[o->count++] = xstrdup(value);
}

static bool
is_item(const struct stage_option *o, size_t i, const char *item)
{
	return item && streq(o->keys ? o->keys[i] : o->values[i], item);
}

struct pos
stage_option_place(const struct stage_option *o, const char *item)
{
	for (size_t i = 0; i < o->count; i++)
		if (is_item(o, i, item) && o->places[i].line)
			return o->places[i];
	return o->pos;
}

const char *
stage_option_section(const struct stage_option *o, const char *item)
{
	for (size_t i = 0; i < o->count; i++)
		if (is_item(o, i, item) && o->sections[i])
			return o->sections[i];
	return o->section;
}

void
stage_option_from(struct stage_option *o, const char *section)
{
	free(o->sections[o->count - 1]);
	o->sections[o->count - 1] = xstrdup(section);
}

const struct stage_option *
stage_option_get(const struct stage *s, const char *name)
{
	for (size_t i = 0; i < s->options.len; i++)
		if (streq(s->options.v[i].name, name))
			return &s->options.v[i];
	return NULL;
}

void
stage_connect(struct stage *s, const char *port, const char *from_stage,
	const char *from_port)
{
	struct stage_input in = { xstrdup(port), xstrdup(from_stage),
		xstrdup(from_port), NULL };

	vec_push(&s->inputs, in);
}

bool
stage_provides(const struct stage *s, const char *prefix)
{
	for (size_t i = 0; s->plugin && i < s->plugin->provides.len; i++)
		if (str_starts(s->plugin->provides.v[i], prefix))
			return true;
	return false;
}

bool
stage_fetches(const struct stage *s)
{
	return stage_provides(s, "fetch:");
}

struct stage *
pipeline_find(const struct pipeline *p, const char *name)
{
	for (size_t i = 0; i < p->stages.len; i++)
		if (streq(p->stages.v[i]->name, name))
			return p->stages.v[i];
	return NULL;
}

bool
stage_is(const struct stage *s, const char *name)
{
	size_t n = strlen(name);

	return strncmp(s->name, name, n) == 0 && (!s->name[n] || s->name[n] == '@');
}

void
export_release(struct export *e)
{
	free(e->stage);
	free(e->port);
	free(e->filename);
	free(e->folder);
}

void
pipeline_release(struct pipeline *p)
{
	for (size_t i = 0; i < p->stages.len; i++)
		stage_free(p->stages.v[i]);
	for (size_t i = 0; i < p->exports.len; i++)
		export_release(&p->exports.v[i]);
	vec_release(&p->stages);
	vec_release(&p->exports);
	sources_release(&p->sources);
	free(p->name);
	free(p->recipe);
	free(p->arch);
	*p = (struct pipeline)PIPELINE_INIT;
}

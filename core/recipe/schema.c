/* SPDX-License-Identifier: GPL-3.0-only */
/* What a recipe says, what it leaves to defaults, and what it says to nobody. */
#include "recipe/schema.h"

#include <string.h>

#include "base/suggest.h"
#include "msmv/plugin.h"
#include "recipe/schema_type.h"

int
schema_take(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const struct value *v, struct stage *s)
{
	struct taking t = { c, section, key, o,
		stage_add_option(s, o->name, o->type, o->flags) };

	t.out->pos = v->key_pos;
	return schema_type_take(&t, v);
}

int
schema_take_item(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const char *item, const struct value *v,
	struct stage *s)
{
	struct taking t = { c, section, key, o, NULL };

	for (size_t i = 0; i < s->options.len; i++)
		if (streq(s->options.v[i].name, o->name))
			t.out = &s->options.v[i];
	if (!t.out) {
		t.out = stage_add_option(s, o->name, o->type, o->flags);
		t.out->pos = v->key_pos;
	}
	return schema_type_item(&t, item, v);
}

/* ---- What the recipe does not say ------------------------------------ */

static int
take_fallback(const struct schema *c, const struct option_info *o, struct stage *s)
{
	cleanup_free char *whose =
		xasprintf("plugin %s: the default of", s->plugin->name);
	struct value *v;
	int result;

	/* An empty default of a list is a list of nothing. */
	if (!*o->fallback && (o->type == MSMV_TYPE_LIST || o->type == MSMV_TYPE_PATHS)) {
		stage_add_option(s, o->name, o->type, o->flags);
		return 0;
	}
	v = value_string(o->fallback, strlen(o->fallback), POS_NONE);
	result = schema_take(c, whose, o->name, o, v, s);
	value_free(v);
	return result;
}

int
schema_complete(const struct schema *c, const char *section, struct pos pos,
	struct stage *s)
{
	int result = 0;

	for (size_t i = 0; i < s->plugin->options.len; i++) {
		const struct option_info *o = &s->plugin->options.v[i];

		if (stage_option_get(s, o->name))
			continue;
		if (o->fallback) {
			if (take_fallback(c, o, s) < 0)
				result = -1;
		} else if (o->flags & MSMV_OPT_REQUIRED) {
			diag_error(c->diags, pos, "%s %s is missing", section, o->name);
			if (o->help)
				diag_hint(c->diags, "%s: %s", schema_type_name(o->type),
					o->help);
			result = -1;
		}
	}
	return result;
}

void
schema_unknown(const struct schema *c, const char *section, const char *key,
	struct pos pos, const char *const *known, size_t n)
{
	const char *near = diags_suggest(c->diags, key, known, n);

	diag_error(c->diags, pos, "%s has no key %s", section, key);
	if (near)
		diag_hint(c->diags, "did you mean %s?", near);
	else
		diag_hint(c->diags, "no plugin that is used here takes it");
}

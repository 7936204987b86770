/* SPDX-License-Identifier: GPL-3.0-only */
/* What a recipe says, what it leaves to defaults, and what it says to nobody. */
#include "recipe/schema.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "msmv/plugin.h"
#include "recipe/schema_type.h"

int
schema_take(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const struct value *v, struct stage *s)
{
	struct taking t = { c, section, key, o,
		stage_add_option(s, o->name, o->type, o->flags),
		stage_fetches(s) };

	t.out->pos = v->key_pos;
	t.out->section = xstrdup(section);
	return schema_type_take(&t, v);
}

int
schema_take_item(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const char *item, const struct value *v,
	struct stage *s)
{
	struct taking t = { c, section, key, o, NULL, stage_fetches(s) };
	/* [files] "/etc/x" is in [files]. */
	cleanup_free char *home = xasprintf("%.*s", (int)strcspn(section, "]") + 1, section);

	for (size_t i = 0; i < s->options.len; i++)
		if (streq(s->options.v[i].name, o->name))
			t.out = &s->options.v[i];
	if (!t.out) {
		t.out = stage_add_option(s, o->name, o->type, o->flags);
		t.out->pos = v->key_pos;
	}
	if (schema_type_item(&t, item, v) < 0)
		return -1;
	stage_option_from(t.out, home);
	return 0;
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
	result = schema_type_take(&(struct taking){ c, whose, o->name, o,
		stage_add_option(s, o->name, o->type, o->flags), false }, v);
	value_free(v);
	return result;
}

/* What the recipe gives; a default conflicts with nothing. */
static const struct stage_option *
given(const struct stage *s, const char *name, size_t len)
{
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return o->pos.line ? o : NULL;
	}
	return NULL;
}

static bool
comes_after(const struct stage_option *a, const struct stage_option *b)
{
	if (a->pos.file != b->pos.file)
		return a->pos.file > b->pos.file;
	if (a->pos.line != b->pos.line)
		return a->pos.line > b->pos.line;
	return a->pos.column > b->pos.column;
}

/* Said once for a pair, at the one that comes later in the text. */
static int
check_conflicts(const struct schema *c, const char *section, const struct stage *s,
	const struct option_info *info)
{
	const struct stage_option *a = given(s, info->name, strlen(info->name));
	int result = 0;

	for (const char *name = info->conflicts; a && name && *name;) {
		size_t len = strcspn(name, "|");
		const struct stage_option *b = given(s, name, len);

		if (b && comes_after(a, b)) {
			result = diag_error(c->diags, a->pos, "%s %s and %s exclude each other",
				section, b->name, a->name);
			diag_hint(c->diags, "%s is at line %d; keep one of them", b->name,
				b->pos.line);
		}
		name += len + (name[len] == '|');
	}
	return result;
}

int
schema_complete(const struct schema *c, const char *section, struct pos pos,
	struct stage *s)
{
	int result = 0;

	for (size_t i = 0; i < s->plugin->options.len; i++) {
		const struct option_info *o = &s->plugin->options.v[i];

		if (o->conflicts && check_conflicts(c, section, s, o) < 0)
			result = -1;
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

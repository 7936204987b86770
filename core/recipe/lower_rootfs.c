/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the guest's root file system is told: [general], [init], and what the
 * applications say of how they are to be started.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"

static void
add_programs(struct lower *l, struct stage *rootfs)
{
	for (size_t i = 0; i < l->apps.len; i++) {
		const struct app *a = &l->apps.v[i];

		if (a->run && a->install)
			lower_entry(rootfs, "app", a->id, a->run, &a->section,
				value_get(a->section.table, "output_executable_path"));
	}
}

void
lower_rootfs(struct lower *l)
{
	const struct section *sec = &l->general;
	const struct plugin_info *p;
	struct stage *s;

	p = lower_provider(l, sec->name, sec->pos, "build:rootfs");
	s = p ? lower_stage(l, sec, "rootfs", sec->pos, p) : NULL;
	section_add(&l->general, s);
	section_add(&l->init, s);
	l->rootfs = s;
	lower_network(l, s);
	if (!s)
		return;
	add_programs(l, s);
	lower_files(l, s);
	vec_push(&l->roots, ((struct offer){ "root", s, "root" }));
}

/* The root file system's options are keys of these two sections. */
static bool
has_key(const struct lower *l, const char *option, const char *key)
{
	return value_get(value_get(l->init.table, option), key) ||
		value_get(value_get(l->general.table, option), key);
}

/* A word as rootfs splits them. */
static void
add_word(struct str *out, const char *text)
{
	if (out->len)
		str_addc(out, ' ');
	str_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_addc(out, *text);
	}
	str_addc(out, '\'');
}

/* A scalar as text, NULL and told for anything else. */
static char *
scalar_text(struct lower *l, const struct app *app, const char *key, const struct value *v)
{
	if (v->kind == VALUE_INT)
		return xasprintf("%lld", (long long)v->integer);
	if (v->kind == VALUE_STRING && strlen(v->string.s) == v->string.len)
		return xstrdup(v->string.s);
	diag_error(l->diags, lower_pos(v), "%s %s wants a text, a number, or a list or table of "
		"these, not %s", app->section.name, key, value_kind_name(v->kind));
	return NULL;
}

/* A list is words, a table words NAME=VALUE. Owned by the caller; NULL: told. */
static char *
app_text(struct lower *l, const struct app *app, const char *key, const struct value *v)
{
	cleanup_str struct str out = STR_INIT;
	size_t n = v->kind == VALUE_TABLE ? v->table.len : v->kind == VALUE_ARRAY ? v->array.len : 0;

	if (v->kind != VALUE_TABLE && v->kind != VALUE_ARRAY)
		return scalar_text(l, app, key, v);
	for (size_t i = 0; i < n; i++) {
		const struct value *item = v->kind == VALUE_TABLE ? v->table.items[i].value
								  : v->array.v[i];
		cleanup_free char *text = scalar_text(l, app, key, item);
		cleanup_free char *pair = NULL;

		if (!text)
			return NULL;
		if (v->kind == VALUE_TABLE)
			pair = xasprintf("%s=%s", v->table.items[i].key, text);
		add_word(&out, pair ? pair : text);
	}
	return str_take(&out);
}

/* One key, if the root file system has a map for it and [init] did not fill it in. */
static void
app_key(struct lower *l, struct app *app, const char *key, const struct value *v)
{
	cleanup_free char *option = xasprintf("app_%s", key);
	const struct option_info *o = plugin_option(l->rootfs->plugin, option);
	cleanup_free char *text = NULL;

	if (!o || o->type != MSMV_TYPE_MAP)
		return;
	vec_push(&app->section.known, key);
	text = app_text(l, app, key, v);
	if (text && !has_key(l, option, app->id))
		lower_entry(l->rootfs, option, app->id, text, &app->section, v);
	else if (text)
		diag_error(l->diags, lower_pos(v), "%s %s: [init] %s has it already",
			app->section.name, key, option);
}

void
lower_app_names(struct lower *l, struct section *all)
{
	static const char prefix[] = "app_";

	for (size_t i = 0; l->rootfs && i < l->rootfs->plugin->options.len; i++) {
		const struct option_info *o = &l->rootfs->plugin->options.v[i];

		if (o->type == MSMV_TYPE_MAP && str_starts(o->name, prefix))
			vec_push(&all->known, o->name + strlen(prefix));
	}
}

void
lower_app_keys(struct lower *l)
{
	for (size_t i = 0; l->rootfs && i < l->apps.len; i++) {
		struct app *app = &l->apps.v[i];
		const struct map *keys = &app->section.table->table;

		for (size_t k = 0; k < keys->len; k++)
			app_key(l, app, keys->items[k].key, keys->items[k].value);
	}
}

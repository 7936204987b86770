/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [files]: what a recipe puts into the image by itself. A key is a path in the guest;
 * what stands there goes, property by property, to the root file system's map options
 * file_source, file_mode and so on, so that one plugin decides what there is.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"

static const char prefix[] = "file_";

static const struct option_info *
property(const struct stage *rootfs, const char *key)
{
	cleanup_free char *name = xasprintf("%s%s", prefix, key);

	return plugin_option(rootfs->plugin, name);
}

static void
unknown_property(struct lower *l, const struct plugin_info *p, const char *section,
	const struct map_item *item)
{
	VEC(const char *) known = VEC_INIT;

	for (size_t i = 0; i < p->options.len; i++)
		if (str_starts(p->options.v[i].name, prefix))
			vec_push(&known, p->options.v[i].name + strlen(prefix));
	schema_unknown(&l->schema, section, item->key, lower_pos(item->value), known.v,
		known.len);
	vec_release(&known);
}

/* "PATH" = { source = "x", mode = "0755" }; a text alone is the source. */
static void
take_file(struct lower *l, struct stage *rootfs, const char *path, const struct value *v)
{
	const struct option_info *source = property(rootfs, "source");
	cleanup_free char *name = xasprintf("%s \"%s\"", l->files.name, path);

	if (v->kind == VALUE_STRING) {
		schema_take_item(&l->schema, name, "source", source, path, v, rootfs);
		return;
	}
	if (v->kind != VALUE_TABLE) {
		diag_error(l->diags, v->pos,
			"%s wants the name of a file beside the recipe, or a table, not %s",
			name, value_kind_name(v->kind));
		diag_hint(l->diags, "{ text = \"...\" } writes what is in it here");
		return;
	}
	for (size_t i = 0; i < v->table.len; i++) {
		const struct map_item *item = &v->table.items[i];
		const struct option_info *o = property(rootfs, item->key);

		if (o)
			schema_take_item(&l->schema, name, item->key, o, path,
				item->value, rootfs);
		else
			unknown_property(l, rootfs->plugin, name, item);
	}
	if (!v->table.len)
		diag_error(l->diags, lower_pos(v), "%s is empty", name);
}

void
lower_files(struct lower *l, struct stage *rootfs)
{
	if (!l->files.table || !rootfs)
		return;
	if (!property(rootfs, "source")) {
		diag_error(l->diags, l->files.pos, "plugin %s takes no [files]",
			rootfs->plugin->name);
		return;
	}
	for (size_t i = 0; i < l->files.table->table.len; i++)
		take_file(l, rootfs, l->files.table->table.items[i].key,
			l->files.table->table.items[i].value);
}

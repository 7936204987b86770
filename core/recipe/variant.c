/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Everything is merged before anything is looked at, so all later checks see one plain
 * recipe. Overlays of other targets are checked for their form only.
 */
#include "recipe/variant.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/suggest.h"
#include "recipe/lower.h"
#include "recipe/read.h"
#include "recipe/variables.h"

const char *
arch_name(const char *name)
{
	static const struct {
		const char *alias, *name;
	} aliases[] = { { "x86", "x86_64" }, { "amd64", "x86_64" },
		{ "arm64", "aarch64" } };

	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (streq(name, aliases[i].alias))
			return aliases[i].name;
	return name;
}

/* ---- Overlays -------------------------------------------------------- */

static int
check_overlay(const char *kind, const char *name, const struct value *overlay,
	struct diags *diags)
{
	static const char *const forbidden[] = { "include", "profile", "arch" };
	size_t errors = diags->errors;
	const struct value *target = value_path(overlay, "general.target_arch");

	if (overlay->kind != VALUE_TABLE)
		return diag_error(diags, overlay->pos, "[%s.%s] wants a table, not %s", kind,
			name, value_kind_name(overlay->kind));
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		const struct value *v = value_get(overlay, forbidden[i]);

		if (v)
			diag_error(diags, v->key_pos, "[%s.%s] cannot say %s", kind, name,
				forbidden[i]);
	}
	if (streq(kind, "arch") && target)
		diag_error(diags, target->key_pos, "[arch.%s] cannot change target_arch",
			name);
	return diags->errors > errors ? -1 : 0;
}

/* All of [arch.*] or [profile.*]. */
static int
check_overlays(const struct value *root, const char *kind, struct diags *diags)
{
	const struct value *all = value_get(root, kind);
	int result = 0;

	if (!all)
		return 0;
	if (all->kind != VALUE_TABLE)
		return diag_error(diags, all->pos, "%s wants tables, as [%s.NAME], not %s", kind,
			kind, value_kind_name(all->kind));
	for (size_t i = 0; i < all->table.len; i++)
		if (check_overlay(kind, all->table.items[i].key, all->table.items[i].value,
			    diags) < 0)
			result = -1;
	return result;
}

/* "the recipe has: debug, small", or that it has none. */
static int
no_profile(const char *name, const struct value *all, struct err *err)
{
	cleanup_str struct str list = STR_INIT;
	VEC(const char *) names = VEC_INIT;
	const char *near;

	for (size_t i = 0; all && i < all->table.len; i++) {
		vec_push(&names, all->table.items[i].key);
		str_addf(&list, "%s%s", i ? ", " : "", all->table.items[i].key);
	}
	near = suggest(name, names.v, names.len);
	vec_release(&names);
	if (!list.len)
		return err_set(err, "there is no profile %s: the recipe has no [profile.NAME]",
			name);
	return err_set(err, "there is no profile %s%s%s%s; the recipe has: %s", name,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "", list.p);
}

static int
merge_profiles(struct value *v, const struct choices *c, struct err *err)
{
	for (size_t i = 0; c->profiles && c->profiles[i]; i++) {
		const struct value *all = value_get(v, "profile");
		const struct value *one = value_get(all, c->profiles[i]);

		if (!one)
			return no_profile(c->profiles[i], all, err);
		recipe_merge(v, value_copy(one));
	}
	return 0;
}

static void
merge_arch(struct value *v, const char *arch)
{
	const struct value *all = value_get(v, "arch");

	for (size_t i = 0; all && i < all->table.len; i++)
		if (streq(arch_name(all->table.items[i].key), arch))
			recipe_merge(v, value_copy(all->table.items[i].value));
}

static int
apply_sets(struct value *v, const struct choices *c, struct err *err)
{
	for (size_t i = 0; c->sets && c->sets[i]; i++)
		if (lower_set(v, c->sets[i], err) < 0)
			return err_wrap(err, "--set %s", c->sets[i]);
	return 0;
}

/* What has done its work, and is no section. */
static void
strip(struct value *root)
{
	static const char *const done[] = { "variables", "profile", "arch" };
	struct map old = root->table;

	root->table = (struct map)MAP_INIT;
	for (size_t i = 0; i < old.len; i++) {
		bool keep = true;

		for (size_t k = 0; k < ARRAY_LEN(done); k++)
			keep = keep && !streq(old.items[i].key, done[k]);
		if (keep)
			value_put(root, old.items[i].key, old.items[i].value);
		else
			value_free(old.items[i].value);
	}
	map_release(&old, NULL);
}

/* ---- Targets --------------------------------------------------------- */

#define TARGETS_LIMIT 32 /* each costs as much as the recipe */

static int
add_target(struct targets *t, struct value *v, struct diags *diags)
{
	cleanup_diags struct diags ignored = DIAGS_INIT;
	struct target one;

	if (v->kind != VALUE_STRING)
		return diag_error(diags, v->pos, "[general] target_arch wants texts, not %s",
			value_kind_name(v->kind));
	/* What is wrong with a variable is reported when all of them are put in. */
	variables_expand_value(t->root, v, NULL, &ignored);
	one = (struct target){ xstrdup(arch_name(v->string.s)), v };
	for (size_t i = 0; i < t->list.len; i++) {
		if (!streq(t->list.v[i].arch, one.arch))
			continue;
		diag_error(diags, v->pos, "[general] target_arch names %s twice", one.arch);
		free(one.arch);
		return -1;
	}
	vec_push(&t->list, one);
	return 0;
}

static int
read_targets(struct targets *t, const char *host, struct diags *diags)
{
	struct value *v = value_path(t->root, "general.target_arch");
	int result = 0;

	if (v && v->kind == VALUE_STRING)
		return add_target(t, v, diags);
	if (!v || v->kind != VALUE_ARRAY) {
		/* Another kind of value is refused where the section is read. */
		vec_push(&t->list, ((struct target){ xstrdup(arch_name(host)), NULL }));
		return 0;
	}
	if (v->array.len > TARGETS_LIMIT)
		return diag_error(diags, v->pos,
			"[general] target_arch names more than %d architectures", TARGETS_LIMIT);
	for (size_t i = 0; i < v->array.len; i++)
		if (add_target(t, v->array.v[i], diags) < 0)
			result = -1;
	if (!v->array.len)
		return diag_error(diags, v->pos, "[general] target_arch is an empty list");
	return result;
}

/* --arch picks from what the recipe is for. */
static int
check_archs(const struct targets *t, const struct choices *c, struct err *err)
{
	cleanup_str struct str list = STR_INIT;

	for (size_t i = 0; i < t->list.len; i++)
		str_addf(&list, "%s%s", i ? ", " : "", t->list.v[i].arch);
	for (size_t k = 0; c->archs && c->archs[k]; k++) {
		bool found = false;

		for (size_t i = 0; i < t->list.len; i++)
			found = found || streq(t->list.v[i].arch, arch_name(c->archs[k]));
		if (!found)
			return err_set(err, "--arch %s: the recipe is for %s (--set "
				"general.target_arch=%s makes it another)", c->archs[k],
				list.p, c->archs[k]);
	}
	return 0;
}

int
variant_targets(struct targets *t, const struct value *root, const struct choices *c,
	const char *host, struct diags *diags, struct err *err)
{
	int result = check_overlays(root, "profile", diags);

	if (check_overlays(root, "arch", diags) < 0 || result < 0)
		return -1;
	t->root = value_copy(root);
	if (merge_profiles(t->root, c, err) < 0 || apply_sets(t->root, c, err) < 0 ||
		read_targets(t, host, diags) < 0)
		return -1;
	return check_archs(t, c, err);
}

void
targets_release(struct targets *t)
{
	for (size_t i = 0; i < t->list.len; i++)
		free(t->list.v[i].arch);
	vec_release(&t->list);
	value_free(t->root);
	t->root = NULL;
}

struct value *
variant_make(const struct value *root, const struct choices *c, const struct target *target,
	struct diags *diags, struct err *err)
{
	cleanup_value struct value *v = value_copy(root);
	struct value *list, *one;

	if (merge_profiles(v, c, err) < 0)
		return NULL;
	merge_arch(v, target->arch);
	if (apply_sets(v, c, err) < 0)
		return NULL;
	list = value_path(v, "general.target_arch");
	if (list && list->kind == VALUE_ARRAY && target->value) {
		one = value_copy(target->value);
		one->key_pos = list->key_pos;
		value_put(value_get(v, "general"), "target_arch", one);
	}
	if (variables_expand(v, target->arch, diags) < 0)
		return NULL;
	strip(v);
	return take(v);
}

/* SPDX-License-Identifier: GPL-3.0-only */
#include "recipe/overlays.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "recipe/matrix.h"

struct overlays {
	const struct value *root;
	const struct catalog *catalog;
	const struct lower_env *env;
	struct diags *diags;
	size_t done;
};

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static bool
is_in(const char *const *list, const char *word)
{
	for (; list && *list; list++)
		if (streq(*list, word))
			return true;
	return false;
}

/* The list with a word more; the caller frees it, not the words. */
static const char **
with(const char *const *list, const char *word)
{
	size_t n = count(list);
	const char **longer = xcalloc(n + 2, sizeof(*longer));

	for (size_t i = 0; i < n; i++)
		longer[i] = list[i];
	longer[n] = word;
	return longer;
}

static void
check_one(struct overlays *o, const struct choices *choices, const char *option)
{
	cleanup_diags struct diags own = DIAGS_INIT;
	struct pipeline pipeline = PIPELINE_INIT;
	struct err err = ERR_INIT;
	size_t before = o->diags->list.len;

	if (o->done++ >= OVERLAYS_LIMIT)
		return;
	recipe_lower(o->root, o->catalog, o->env, choices, &pipeline, &own, &err);
	pipeline_release(&pipeline);
	if (err.msg)
		diag_error(&own, POS_NONE, "%s", err.msg);
	err_clear(&err);
	for (size_t i = 0; i < own.list.len; i++) {
		struct diag *one = &own.list.v[i];
		char *hint = xasprintf("%s%swith %s", one->hint ? one->hint : "",
			one->hint ? "\n" : "", option);

		free(one->hint);
		one->hint = hint;
	}
	diags_join(o->diags, &own);
	diags_sort(o->diags, before);
}

static void
check_profile(struct overlays *o, const struct choices *c, const char *name)
{
	cleanup_free const char **profiles = with(c->profiles, name);
	cleanup_free char *option = xasprintf("--profile %s", name);
	struct choices choices = { profiles, c->archs, c->sets };

	if (!is_in(c->profiles, name))
		check_one(o, &choices, option);
}

static void
check_arch(struct overlays *o, const struct choices *c, const char *name)
{
	cleanup_free char *set = xasprintf("general.target_arch=%s", arch_name(name));
	cleanup_free const char **sets = with(c->sets, set);
	cleanup_free char *option = xasprintf("--set %s", set);
	cleanup_free char *capability = xasprintf("arch:%s", arch_name(name));
	struct choices choices = { c->profiles, NULL, sets };

	if (catalog_provider(o->catalog, capability))
		check_one(o, &choices, option);
}

static void
check_kind(struct overlays *o, const struct choices *c, const char *kind,
	void (*check)(struct overlays *, const struct choices *, const char *))
{
	const struct value *all = value_get(o->root, kind);

	for (size_t i = 0; all && all->kind == VALUE_TABLE && i < all->table.len; i++)
		check(o, c, all->table.items[i].key);
}

int
overlays_check(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, const struct choices *choices, struct diags *diags)
{
	struct overlays o = { root, catalog, env, diags, 0 };
	size_t errors = diags->errors;

	check_kind(&o, choices, "profile", check_profile);
	check_kind(&o, choices, "arch", check_arch);
	if (o.done > OVERLAYS_LIMIT)
		diag_warning(diags, POS_NONE, "%zu of %zu profiles and architectures were "
			"not looked at", o.done - OVERLAYS_LIMIT, o.done);
	return diags->errors > errors ? -1 : 0;
}

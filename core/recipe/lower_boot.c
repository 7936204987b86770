/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [run]: every form that can be booted is booted, each by a stage of its own. A form
 * can be when the runner has an input port of the name of one of its outputs ("disk"),
 * or of its own name ("uki"), so a third party's form needs no rule here.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "recipe/sections.h"

/* run = false, or [run] enable = false. */
static bool
wanted(struct lower *l)
{
	const struct value *run = value_get(l->root, "run");

	if (run && run->kind == VALUE_BOOL)
		return run->boolean;
	return section_bool(l, &l->run, "enable", true);
}

/* The first boot is "boot", further ones say what they boot. */
static struct stage *
make_boot(struct lower *l, const struct plugin_info *p, const char *form)
{
	cleanup_free char *further = xasprintf("boot.%s", form);
	cleanup_free char *report = xasprintf("boot.%s.json", form);
	bool first = !l->run.stages.len;
	struct pos pos = l->run.table ? l->run.pos : l->boot.pos;
	struct stage *s = lower_stage(l, &l->run, first ? "boot" : further, pos, p);

	section_add(&l->run, s);
	section_add(&l->boot, s);
	lower_export(l, s, "report", first ? NULL : report);
	return s;
}

/* A form that took the kernel in carries it; the others boot with it beside them. */
static bool
has_kernel(const struct stage *form)
{
	for (size_t i = 0; i < form->inputs.len; i++)
		if (streq(form->inputs.v[i].port, "kernel"))
			return true;
	return false;
}

/* The output of form that goes to the runner, and there to port; NULL: it cannot boot. */
static const char *
bootable(const struct plugin_info *runner, const struct stage *form, const char *name,
	const char **port)
{
	for (size_t i = 0; i < form->plugin->outputs.len; i++) {
		*port = form->plugin->outputs.v[i].name;
		if (plugin_input(runner, *port))
			return *port;
	}
	*port = name;
	if (form->plugin->outputs.len && plugin_input(runner, name))
		return form->plugin->outputs.v[0].name;
	return NULL;
}

static void
boot_form(struct lower *l, const struct plugin_info *p, const offers *kernel,
	const struct stage *form, const char *name)
{
	const char *port, *from = bootable(p, form, name, &port);
	struct stage *s = from ? make_boot(l, p, name) : NULL;

	if (!s)
		return;
	if (!has_kernel(form))
		lower_connect_offers(s, kernel);
	lower_connect(s, port, form, from);
}

/* ---- [run.checks.NAME] and [run.budget] ------------------------------------ */

/* The runner's option for a key of a table: check_tcp for tcp. */
static const struct option_info *
property(const struct plugin_info *p, const struct section_info *info, const char *key)
{
	cleanup_free char *name = xasprintf("%s_%s", info->prefix, key);

	return plugin_option(p, name);
}

static void
unknown_property(struct lower *l, const struct plugin_info *p, const struct section_info *info,
	const char *section, const struct map_item *item)
{
	cleanup_free char *prefix = xasprintf("%s_", info->prefix);
	VEC(const char *) known = VEC_INIT;

	for (size_t i = 0; i < p->options.len; i++)
		if (str_starts(p->options.v[i].name, prefix))
			vec_push(&known, p->options.v[i].name + strlen(prefix));
	schema_unknown(&l->schema, section, item->key, lower_pos(item->value), known.v,
		known.len);
	vec_release(&known);
}

/* Gives one key to every boot; after a report the others stay quiet. A check's key is its
   entry in the option, a budget's the option itself. */
static void
take_property(struct lower *l, const struct plugin_info *p, const struct section_info *info,
	const char *section, const char *name, const struct map_item *item)
{
	const struct option_info *o = property(p, info, item->key);
	int result = 0;

	if (!o) {
		unknown_property(l, p, info, section, item);
		return;
	}
	for (size_t i = 0; result == 0 && i < l->run.stages.len; i++)
		result = name ? schema_take_item(&l->schema, section, item->key, o, name,
				       item->value, l->run.stages.v[i])
			      : schema_take(&l->schema, section, item->key, o, item->value,
				       l->run.stages.v[i]);
}

static void
take_table(struct lower *l, const struct plugin_info *p, const struct section_info *info,
	const char *section, const char *name, const struct value *table)
{
	for (size_t i = 0; i < table->table.len; i++)
		take_property(l, p, info, section, name, &table->table.items[i]);
}

static void
take_checks(struct lower *l, const struct plugin_info *p)
{
	const struct value *checks = value_get(l->run.table, "checks");

	if (checks && checks->kind != VALUE_TABLE) {
		diag_error(l->diags, checks->pos, "[run.checks] wants a table for each check, not %s",
			value_kind_name(checks->kind));
		return;
	}
	for (size_t i = 0; checks && i < checks->table.len; i++) {
		const struct map_item *item = &checks->table.items[i];
		const struct value *v = item->value;
		cleanup_free char *section = xasprintf("[run.checks.%s]", item->key);

		if (v->kind != VALUE_TABLE)
			diag_error(l->diags, lower_pos(v), "%s wants a table, not %s", section,
				value_kind_name(v->kind));
		else if (!v->table.len)
			diag_error(l->diags, lower_pos(v), "%s is empty", section);
		else
			take_table(l, p, section_info("run.checks"), section, item->key, v);
	}
}

static void
take_proofs(struct lower *l, const struct plugin_info *p)
{
	take_checks(l, p);
	if (l->budget.table)
		take_table(l, p, section_info("run.budget"), l->budget.name, NULL,
			l->budget.table);
}

/* ---- The whole ------------------------------------------------------------ */

void
lower_boot(struct lower *l, const offers *kernel, struct stage *initramfs,
	struct stage *const *forms, const char *const *names, size_t n)
{
	const struct plugin_info *p;

	section_keys(l, &l->run, "run");
	if (!wanted(l)) {
		p = catalog_provider(l->catalog, "run:qemu");
		section_know_plugin(&l->run, p);
		section_know_plugin(&l->boot, p);
		if (p)
			take_proofs(l, p);
		return;
	}
	p = lower_provider(l, l->run.name, l->run.pos, "run:qemu");
	if (!p) {
		section_add(&l->run, NULL);
		section_add(&l->boot, NULL);
		return;
	}
	if (initramfs) {
		struct stage *s = make_boot(l, p, "initramfs");

		if (s)
			lower_connect_offers(s, kernel);
		lower_connect(s, "initramfs", initramfs, "image");
	}
	for (size_t i = 0; i < n; i++)
		boot_form(l, p, kernel, forms[i], names[i]);
	take_proofs(l, p);
	if (!l->run.stages.len && !l->incomplete) {
		diag_error(l->diags, l->output.pos,
			"%s holds nothing that plugin %s can boot", l->output.name,
			p->name);
		diag_hint(l->diags, "[run] enable = false builds without a proof");
	}
}

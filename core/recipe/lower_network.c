/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [boot.network]: options of the root file system, which writes the configuration, and
 * whether the guest needs a program for it that the stage of its init must compile.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "msmv/plugin.h"
#include "recipe/sections.h"

/* What old recipes call the interface is QEMU's name of its other end. */
static bool
is_old_interface(struct lower *l, const char *key, const struct value *v)
{
	if (!streq(key, "interface") || v->kind != VALUE_STRING ||
		!streq(v->string.s, "net0"))
		return false;
	diag_warning(l->diags, v->pos, "%s interface \"net0\" is QEMU's name, which the guest "
		"does not have", l->network.name);
	diag_hint(l->diags, "the guest's first interface is taken, eth0");
	return true;
}

/*
 * One static IPv4 address is set by init itself. Everything else takes time or goes on
 * while the machine runs, and is the helper's: then it must be in the image.
 */
static bool
network_is_simple(const struct lower *l)
{
	static const char *const simple[] = { "enable", "method", "interface", "ip_address",
		"netmask", "gateway", "dns" };
	const struct value *address = value_get(l->network.table, "ip_address");
	const struct value *method = value_get(l->network.table, "method");
	size_t known = 0;

	for (size_t i = 0; i < ARRAY_LEN(simple); i++)
		known += value_get(l->network.table, simple[i]) != NULL;
	if (known < l->network.table->table.len || !address || address->kind != VALUE_STRING ||
		strpbrk(address->string.s, ": \t"))
		return false;
	return !method || (method->kind == VALUE_STRING && streq(method->string.s, "static"));
}

/* For the stage that compiles the helper and for the one that configures it. */
static void
ask_for_helper(struct lower *l)
{
	const struct value *enable = value_get(l->network.table, "enable");
	bool off = enable && enable->kind == VALUE_BOOL && !enable->boolean;

	if (!l->network.table || off || network_is_simple(l))
		return;
	for (size_t i = 0; i < l->init.stages.len; i++)
		if (l->init.stages.v[i])
			lower_default(l->init.stages.v[i], "net_helper", NULL, "1");
}

static const struct option_info *
nic_option(const struct stage *rootfs, const char *key)
{
	cleanup_free char *name = xasprintf("nic_%s", key);

	return plugin_option(rootfs->plugin, name);
}

static void
take_interface(struct lower *l, struct stage *rootfs, const struct map_item *nic)
{
	cleanup_free char *name = xasprintf("[boot.network.interfaces.%s]", nic->key);
	const struct section_info *info = section_info("boot.network.interfaces");
	const struct value *table = nic->value;
	VEC(const char *) known = VEC_INIT;

	for (const struct section_key *k = info->keys; k->name; k++)
		vec_push(&known, k->name);
	if (table->kind != VALUE_TABLE)
		diag_error(l->diags, lower_pos(table), "%s wants a table, not %s", name,
			value_kind_name(table->kind));
	else if (!table->table.len)
		diag_error(l->diags, lower_pos(table), "%s is empty", name);
	for (size_t i = 0; table->kind == VALUE_TABLE && i < table->table.len; i++) {
		const struct map_item *item = &table->table.items[i];
		const struct option_info *o = nic_option(rootfs, item->key);

		if (o)
			schema_take_item(&l->schema, name, item->key, o, nic->key, item->value,
				rootfs);
		else
			schema_unknown(&l->schema, name, item->key, lower_pos(item->value),
				known.v, known.len);
	}
	vec_release(&known);
}

static void
take_interfaces(struct lower *l, struct stage *rootfs)
{
	const struct value *v = value_get(l->network.table, "interfaces");

	if (v && v->kind != VALUE_TABLE)
		diag_error(l->diags, v->pos,
			"[boot.network] interfaces wants a table for each interface, not %s",
			value_kind_name(v->kind));
	for (size_t i = 0; v && v->kind == VALUE_TABLE && i < v->table.len; i++)
		take_interface(l, rootfs, &v->table.items[i]);
}

/* [boot.network] KEY is option net_KEY, so that it can stand beside other keys. */
void
lower_network(struct lower *l, struct stage *rootfs)
{
	section_keys(l, &l->network, "boot.network");
	for (size_t i = 0; rootfs && i < l->network.known.len; i++) {
		const char *key = l->network.known.v[i];
		const struct value *v = value_get(l->network.table, key);
		cleanup_free char *name = xasprintf("net_%s", key);
		const struct option_info *o = plugin_option(rootfs->plugin, name);

		if (v && (streq(key, "interfaces") || is_old_interface(l, key, v)))
			continue;
		if (v && o)
			schema_take(&l->schema, l->network.name, key, o, v, rootfs);
		else if (v)
			diag_warning(l->diags, lower_pos(v),
				"%s %s: plugin %s has no option %s, so it does nothing",
				l->network.name, key, rootfs->plugin->name, name);
	}
	/* In old recipes the table alone switches the network on. */
	if (l->network.table && !section_has(&l->network, "enable"))
		lower_default(rootfs, "net_enable", NULL, "1");
	if (!rootfs)
		return;
	take_interfaces(l, rootfs);
	ask_for_helper(l);
}

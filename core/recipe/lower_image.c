/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the guest's root holds, and the forms that it is delivered in: [general],
 * [init], [boot.network] and [files] go into the root, [output] and [boot] around it.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "msmv/plugin.h"

/* ---- The root file system -------------------------------------------- */

/* [boot.network] KEY is option net_KEY, so that it can stand beside other keys. */
static void
route_network(struct lower *l, struct stage *rootfs)
{
	static const char *const keys[] = { "enable", "interface", "ip_address",
		"netmask", "gateway", "dns", NULL };

	section_keep(&l->network, keys);
	for (size_t i = 0; rootfs && keys[i]; i++) {
		const struct value *v = value_get(l->network.table, keys[i]);
		cleanup_free char *name = xasprintf("net_%s", keys[i]);
		const struct option_info *o = plugin_option(rootfs->plugin, name);

		if (v && o)
			schema_take(&l->schema, l->network.name, keys[i], o, v, rootfs);
		else if (v)
			diag_warning(l->diags, lower_pos(v),
				"%s %s: plugin %s has no option %s, so it does nothing",
				l->network.name, keys[i], rootfs->plugin->name, name);
	}
	/* In old recipes the table alone switches the network on. */
	if (l->network.table && !section_has(&l->network, "enable"))
		lower_default(rootfs, "net_enable", NULL, "1");
}

static void
add_programs(struct lower *l, struct stage *rootfs)
{
	for (size_t i = 0; i < l->apps.len; i++)
		if (l->apps.v[i].run && l->apps.v[i].install)
			lower_default(rootfs, "app", l->apps.v[i].id, l->apps.v[i].run);
}

/* [files] as a whole is one option: its keys are paths in the guest. */
static void
take_files(struct lower *l, struct stage *rootfs)
{
	const struct option_info *o =
		rootfs ? plugin_option(rootfs->plugin, "files") : NULL;

	if (!l->files.table)
		return;
	if (o)
		schema_take(
			&l->schema, l->files.name, "table", o, l->files.table, rootfs);
	else if (rootfs)
		diag_error(l->diags, l->files.pos, "plugin %s takes no [files]",
			rootfs->plugin->name);
}

static void
make_rootfs(struct lower *l)
{
	const struct section *sec = &l->general;
	const struct plugin_info *p;
	struct stage *s;

	p = lower_provider(l, sec->name, sec->pos, "build:rootfs");
	s = p ? lower_stage(l, sec, "rootfs", sec->pos, p) : NULL;
	section_add(&l->general, s);
	section_add(&l->init, s);
	l->rootfs = s;
	route_network(l, s);
	if (!s)
		return;
	add_programs(l, s);
	take_files(l, s);
	vec_push(&l->roots, ((struct offer){ "root", s, "root" }));
}

/* ---- Forms of delivery ----------------------------------------------- */

static struct stage *
make_form(struct lower *l, const char *name, struct pos pos, const offers *available)
{
	cleanup_free char *capability = xasprintf("output:%s", name);
	const struct plugin_info *p;
	struct stage *s;

	p = lower_provider(l, l->output.name, pos, capability);
	s = p ? lower_stage(l, &l->output, name, pos, p) : NULL;
	section_add(&l->output, s);
	section_add(&l->boot, s);
	if (!s)
		return NULL;
	/* A plugin of several forms learns by it which one is meant. */
	lower_default(s, "format", NULL, name);
	lower_connect_offers(s, available);
	return s;
}

static void
offer(offers *o, const char *port, const struct stage *from, const char *from_port)
{
	if (from && plugin_output(from->plugin, from_port))
		vec_push(o, ((struct offer){ port, from, from_port }));
}

/* image_name names the first form that is no initramfs; it is a plain file name. */
static const char *
image_name(struct lower *l)
{
	const char *name = section_text(l, &l->output, "image_name");

	if (!name ||
		(*name && !strchr(name, '/') && !streq(name, ".") && !streq(name, "..")))
		return name;
	diag_error(l->diags, value_get(l->output.table, "image_name")->pos,
		"%s image_name \"%s\" is not a plain file name", l->output.name, name);
	return NULL;
}

static void
export_form(struct lower *l, const struct stage *s, const char *filename)
{
	for (size_t i = 0; i < s->plugin->outputs.len; i++)
		lower_export(l, s, s->plugin->outputs.v[i].name, i ? NULL : filename);
}

static bool
wants_initramfs(struct lower *l, const texts *formats)
{
	bool wanted = section_bool(l, &l->boot, "initramfs", true);

	for (size_t i = 0; !wanted && i < formats->len; i++)
		if (streq(formats->v[i]->string.s, "initramfs"))
			diag_error(l->diags, formats->v[i]->pos,
				"%s format \"initramfs\" and %s initramfs = false "
				"contradict",
				l->output.name, l->boot.name);
	return wanted;
}

static bool
named_before(const texts *formats, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (streq(formats->v[k]->string.s, formats->v[i]->string.s))
			return true;
	return false;
}

/* Makes the forms other than the initramfs, and then boots all of them. */
static void
make_forms(struct lower *l, const texts *formats, struct stage *initramfs)
{
	VEC(struct stage *) forms = VEC_INIT;
	VEC(const char *) names = VEC_INIT;
	offers available = VEC_INIT, kernel = VEC_INIT;
	const char *filename = image_name(l);

	offer(&kernel, "kernel", l->kernel_build, "image");
	offer(&kernel, "vmlinux", l->kernel_build, "vmlinux");
	for (size_t i = 0; i < kernel.len; i++)
		vec_push(&available, kernel.v[i]);
	offer(&available, "initramfs", initramfs, "image");
	for (size_t i = 0; i < l->roots.len; i++)
		vec_push(&available, l->roots.v[i]);
	for (size_t i = 0; i < formats->len; i++) {
		const char *name = formats->v[i]->string.s;
		struct stage *s;

		if (streq(name, "initramfs") || named_before(formats, i))
			continue;
		s = make_form(l, name, formats->v[i]->pos, &available);
		if (!s)
			continue;
		export_form(l, s, forms.len ? NULL : filename);
		vec_push(&forms, s);
		vec_push(&names, name);
	}
	if (initramfs)
		lower_export(l, initramfs, "image", forms.len ? NULL : filename);
	lower_boot(l, &kernel, initramfs, forms.v, names.v, forms.len);
	vec_release(&forms);
	vec_release(&names);
	vec_release(&available);
	vec_release(&kernel);
}

void
lower_image(struct lower *l)
{
	static const char *const boot_keys[] = { "cmdline", NULL };
	/* A plugin may have options of these names that mean something else. */
	static const char *const boot_kept[] = { "initramfs", "network", NULL };
	static const char *const output_keys[] = { "format", "image_name", NULL };
	struct stage *initramfs = NULL;
	texts formats = VEC_INIT;

	section_know(&l->boot, boot_keys);
	section_keep(&l->boot, boot_kept);
	section_keep(&l->output, output_keys);
	section_texts(l, &l->output, "format", &formats);
	make_rootfs(l);
	if (wants_initramfs(l, &formats))
		initramfs = make_form(l, "initramfs", l->output.pos, &l->roots);
	make_forms(l, &formats, initramfs);
	vec_release(&formats);
}

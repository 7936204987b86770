/* SPDX-License-Identifier: GPL-3.0-only */
/* [output]: the forms that the guest is delivered in, the initramfs first. */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

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

/* A list of what is in the image is none that could have its name. */
static bool
is_image(const struct stage *s)
{
	return !s->plugin->outputs.len || !streq(s->plugin->outputs.v[0].name, "manifest");
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

/* Makes the forms other than the initramfs, and then boots all of them. */
static void
make_forms(struct lower *l, const texts *formats, struct stage *initramfs)
{
	VEC(struct stage *) forms = VEC_INIT;
	VEC(const char *) names = VEC_INIT;
	offers available = VEC_INIT, kernel = VEC_INIT;
	const char *filename = image_name(l);
	struct map seen = MAP_INIT;
	bool named = false;

	offer(&kernel, "kernel", l->kernel_build, "image");
	offer(&kernel, "vmlinux", l->kernel_build, "vmlinux");
	for (size_t i = 0; i < kernel.len; i++)
		vec_push(&available, kernel.v[i]);
	offer(&kernel, "config", l->kernel_config, "config");
	offer(&available, "initramfs", initramfs, "image");
	for (size_t i = 0; i < l->roots.len; i++)
		vec_push(&available, l->roots.v[i]);
	for (size_t i = 0; i < formats->len; i++) {
		const char *name = formats->v[i]->string.s;
		struct stage *s;

		if (streq(name, "initramfs") || map_put(&seen, name, l))
			continue;
		s = make_form(l, name, formats->v[i]->pos, &available);
		if (!s)
			continue;
		export_form(l, s, is_image(s) && !named ? filename : NULL);
		named |= is_image(s);
		vec_push(&forms, s);
		vec_push(&names, name);
	}
	if (initramfs)
		lower_export(l, initramfs, "image", named ? NULL : filename);
	lower_boot(l, &kernel, initramfs, forms.v, names.v, forms.len);
	map_release(&seen, NULL);
	vec_release(&forms);
	vec_release(&names);
	vec_release(&available);
	vec_release(&kernel);
}

void
lower_image(struct lower *l)
{
	struct stage *initramfs = NULL;
	texts formats = VEC_INIT;

	section_keys(l, &l->boot, "boot");
	section_keys(l, &l->output, "output");
	section_texts(l, &l->output, "format", &formats);
	lower_rootfs(l);
	if (wants_initramfs(l, &formats))
		initramfs = make_form(l, "initramfs", l->output.pos, &l->roots);
	make_forms(l, &formats, initramfs);
	vec_release(&formats);
}

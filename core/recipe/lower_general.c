/* SPDX-License-Identifier: GPL-3.0-only */
/* [general]: what the machine is called, what it runs on, which C library it uses. */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "recipe/variant.h"

static void
unknown_arch(struct lower *l, struct pos pos, const char *capability)
{
	diag_error(l->diags, pos, "[general] target_arch: no plugin provides %s",
		capability);
	lower_hint_capability(l, capability);
}

static void
read_arch(struct lower *l, bool needed)
{
	const struct value *v = value_get(l->general.table, "target_arch");
	const char *arch = section_text(l, &l->general, "target_arch");
	cleanup_free char *capability = NULL;

	if (!arch && v)
		return;
	if (!arch)
		arch = l->env->host_arch;
	arch = arch_name(arch);
	capability = xasprintf("arch:%s", arch);
	l->out->arch = xstrdup(arch);
	l->out->arch_plugin = catalog_provider(l->catalog, capability);
	if (!l->out->arch_plugin && (needed || v))
		unknown_arch(l, v ? v->pos : l->general.pos, capability);
}

static void
read_libc(struct lower *l)
{
	const char *libc = section_text(l, &l->general, "libc");

	l->musl = !libc || streq(libc, "musl");
	if (libc && !l->musl && !streq(libc, "system"))
		diag_error(l->diags, value_get(l->general.table, "libc")->pos,
			"[general] libc is \"%s\"; it may be musl or system", libc);
}

/* There is one so far. Writers that get better will have an option of this name. */
static void
read_format(struct lower *l)
{
	const struct value *v = value_get(l->general.table, "format_version");

	l->format = FORMAT_VERSION;
	if (!v)
		return;
	if (v->kind == VALUE_INT && v->integer >= 1 && v->integer <= FORMAT_VERSION) {
		l->format = (int)v->integer;
		return;
	}
	if (v->kind == VALUE_INT)
		diag_error(l->diags, v->pos, "[general] format_version %lld is not known to "
			"this msmv, which writes %d", (long long)v->integer, FORMAT_VERSION);
	else
		diag_error(l->diags, v->pos, "[general] format_version wants a number, not %s",
			value_kind_name(v->kind));
}

/* It is the first thing that a terminal is told. */
static bool
holds_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 32 || *s == 127)
			return true;
	return false;
}

/* The output folder is named after it, so it must be one part of a path. */
static void
read_name(struct lower *l, bool needed)
{
	const char *name = section_text(l, &l->general, "name");
	const char *base = path_base(l->env->recipe);
	const char *dot = strrchr(base, '.');

	if (!name) {
		if (needed && !l->general.incomplete && !section_has(&l->general, "name"))
			diag_error(l->diags, l->general.pos, "[general] name is missing");
		l->out->name = dot && dot > base ? xstrndup(base, (size_t)(dot - base))
						 : xstrdup(base);
		return;
	}
	l->out->name = xstrdup(name);
	if (!*name || strchr(name, '/') || strstr(name, "..") || streq(name, ".") ||
		holds_control(name))
		diag_error(l->diags, value_get(l->general.table, "name")->pos,
			"[general] name \"%s\" cannot name a folder", name);
}

void
lower_general(struct lower *l, bool needed)
{
	section_keys(l, &l->general, "general");
	read_name(l, needed);
	read_arch(l, needed);
	read_libc(l);
	read_format(l);
}

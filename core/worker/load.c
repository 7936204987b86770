/* SPDX-License-Identifier: GPL-3.0-only */
/* The only dlopen of the project, and the checks that make a foreign struct safe to read. */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "worker/worker.h"

/* Members below these came later; a plugin of the first interface ends before them. */
#define V1_SIZE offsetof(struct msmv_plugin, conflicts)
#define V1_OPTION sizeof(struct msmv_option)
#define V1_PORT sizeof(struct msmv_port)

const struct msmv_plugin *
plugin_load(const char *path, struct err *err)
{
	void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct msmv_plugin *(*entry)(uint32_t);
	const struct msmv_plugin *p;

	if (!so) {
		err_set(err, "cannot load: %s", dlerror());
		return NULL;
	}
	*(void **)&entry = dlsym(so, "msmv_plugin_entry");
	if (!entry) {
		err_set(err, "%s: not a plugin: it exports no msmv_plugin_entry", path);
		return NULL;
	}
	p = entry(MSMV_API_VERSION);
	if (!p)
		err_set(err, "%s: refuses plugin interface version %d", path, MSMV_API_VERSION);
	else if (p->api_version < 1 || p->api_version > MSMV_API_VERSION)
		err_set(err, "%s: needs plugin interface version %u, this msmv has %d", path,
			p->api_version, MSMV_API_VERSION);
	else if (p->struct_size < V1_SIZE)
		err_set(err, "%s: its description is %u bytes, version 1 has %zu", path,
			p->struct_size, V1_SIZE);
	else
		return p;
	return NULL;
}

static bool
name_ok(const char *s, const char *extra)
{
	if (!s || !*s)
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || strchr(extra, *s)))
			return false;
	return true;
}

/* It becomes the name of a record's field. */
static bool
text_ok(const char *s)
{
	return s && *s && !strpbrk(s, "=\n");
}

static char *
copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static int
table_ok(const struct msmv_table *t, size_t row, const char *what, struct err *err)
{
	if (t->count == 0)
		return 0;
	if (!t->rows || t->stride < row || t->count > 4096)
		return err_set(err, "table of %s is malformed", what);
	return 0;
}

static const void *
row_at(const struct msmv_table *t, uint32_t i)
{
	return (const char *)t->rows + (size_t)i * t->stride;
}

static int
describe_options(const struct msmv_plugin *p, struct plugin_info *info, struct err *err)
{
	if (table_ok(&p->options, V1_OPTION, "options", err) < 0)
		return -1;
	for (uint32_t i = 0; i < p->options.count; i++) {
		const struct msmv_option *o = row_at(&p->options, i);
		struct option_info row;

		if (!name_ok(o->name, "_"))
			return err_set(err, "option %u: bad name", i);
		if (o->type < MSMV_TYPE_STRING || o->type > MSMV_TYPE_PATHS || o->type % 10)
			return err_set(err, "option %s: unknown type %u", o->name, o->type);
		row = (struct option_info){ xstrdup(o->name), o->type, o->flags,
			copy(o->fallback), copy(o->help), copy(o->unit), copy(o->choices),
			NULL, o->min, o->max };
		vec_push(&info->options, row);
	}
	return 0;
}

static struct option_info *
find_option(struct plugin_info *info, const char *name)
{
	for (size_t i = 0; name && i < info->options.len; i++)
		if (streq(info->options.v[i].name, name))
			return &info->options.v[i];
	return NULL;
}

static void
add_conflict(struct option_info *o, const char *other)
{
	char *all = o->conflicts ? xasprintf("%s|%s", o->conflicts, other) : xstrdup(other);

	free(o->conflicts);
	o->conflicts = all;
}

/* Each of the two options learns of the other. */
static int
describe_conflicts(const struct msmv_plugin *p, struct plugin_info *info, struct err *err)
{
	if (p->struct_size < V1_SIZE + sizeof(p->conflicts))
		return 0;
	if (table_ok(&p->conflicts, sizeof(struct msmv_pair), "conflicts", err) < 0)
		return -1;
	for (uint32_t i = 0; i < p->conflicts.count; i++) {
		const struct msmv_pair *pair = row_at(&p->conflicts, i);
		struct option_info *a = find_option(info, pair->name);
		struct option_info *b = find_option(info, pair->value);

		if (!a || !b || a == b)
			return err_set(err, "conflict %u: it wants two options", i);
		add_conflict(a, b->name);
		add_conflict(b, a->name);
	}
	return 0;
}

#define describe_ports(table, list, what) \
	do { \
		if (table_ok(table, V1_PORT, what, err) < 0) \
			return -1; \
		for (uint32_t i = 0; i < (table)->count; i++) { \
			const struct msmv_port *o = row_at(table, i); \
			struct port_info row; \
			if (!name_ok(o->name, "_")) \
				return err_set(err, what " port %u: bad name", i); \
			if (o->kind != MSMV_PORT_FILE && o->kind != MSMV_PORT_TREE) \
				return err_set(err, "port %s: unknown kind", o->name); \
			row = (struct port_info){ xstrdup(o->name), o->kind, o->flags, \
				copy(o->filename), copy(o->help) }; \
			vec_push(list, row); \
		} \
	} while (0)

static int
describe_tables(const struct msmv_plugin *p, struct plugin_info *info, struct err *err)
{
	if (describe_options(p, info, err) < 0 || describe_conflicts(p, info, err) < 0)
		return -1;
	describe_ports(&p->inputs, &info->inputs, "input");
	describe_ports(&p->outputs, &info->outputs, "output");
	if (table_ok(&p->provides, sizeof(char *), "capabilities", err) < 0 ||
	    table_ok(&p->env, sizeof(char *), "variables", err) < 0 ||
	    table_ok(&p->arch, sizeof(struct msmv_pair), "facts", err) < 0)
		return -1;
	for (uint32_t i = 0; i < p->provides.count; i++) {
		const char *const *s = row_at(&p->provides, i);

		if (!text_ok(*s))
			return err_set(err, "capability %u: bad text", i);
		vec_push(&info->provides, xstrdup(*s));
	}
	for (uint32_t i = 0; i < p->env.count; i++) {
		const char *const *s = row_at(&p->env, i);

		if (!text_ok(*s))
			return err_set(err, "variable %u: bad name", i);
		vec_push(&info->env, xstrdup(*s));
	}
	for (uint32_t i = 0; i < p->arch.count; i++) {
		const struct msmv_pair *a = row_at(&p->arch, i);

		if (!text_ok(a->name) || !a->value)
			return err_set(err, "fact %u: bad name or no value", i);
		record_add(&info->arch, a->name, a->value);
	}
	return 0;
}

struct plugin_info *
plugin_describe(const struct msmv_plugin *p, struct err *err)
{
	struct plugin_info *info = xcalloc(1, sizeof(*info));

	if (!name_ok(p->name, "-_"))
		err_set(err, "its name has other characters than a-z, 0-9, '-' and '_'");
	else if (!p->version || !p->summary)
		err_set(err, "version or summary is missing");
	else if (p->kind != MSMV_KIND_STAGE && p->kind != MSMV_KIND_ARCH)
		err_set(err, "unknown kind %u", p->kind);
	else if (p->kind == MSMV_KIND_STAGE && !p->run)
		err_set(err, "a stage plugin needs run()");
	else {
		info->name = xstrdup(p->name);
		info->version = xstrdup(p->version);
		info->summary = xstrdup(p->summary);
		info->kind = p->kind;
		info->flags = p->flags;
		info->wants_facts = p->check || p->facts;
		if (describe_tables(p, info, err) == 0)
			return info;
	}
	plugin_info_free(info);
	return NULL;
}

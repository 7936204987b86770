/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The lowering as a whole: which sections there are, in which order their stages are
 * made, and what is checked when all of them stand.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "base/suggest.h"
#include "graph/graph.h"
#include "msmv/plugin.h"
#include "recipe/sections.h"

/* ---- Sections -------------------------------------------------------- */

/* True if the recipe says more than [general] and [stage.*]: a whole machine. */
static bool
is_machine(const struct value *root)
{
	for (const struct section_info *s = section_table; s->name; s++)
		if (!streq(s->name, "general") && !streq(s->name, "stage") &&
			value_get(root, s->name))
			return true;
	return false;
}

static void
unknown_section(struct lower *l, const struct map_item *item)
{
	VEC(const char *) names = VEC_INIT;
	const char *near;

	for (const struct section_info *s = section_table; s->name; s++)
		if (!strchr(s->name, '.'))
			vec_push(&names, s->name);
	near = diags_suggest(l->diags, item->key, names.v, names.len);
	diag_error(l->diags, lower_pos(item->value), "a recipe has no section %s", item->key);
	if (near)
		diag_hint(l->diags, "did you mean [%s]?", near);
	vec_release(&names);
}

static void
check_sections(struct lower *l)
{
	for (size_t i = 0; i < l->root->table.len; i++) {
		const struct map_item *item = &l->root->table.items[i];
		const struct section_info *s = section_info(item->key);

		if (!s || strchr(s->name, '.'))
			unknown_section(l, item);
	}
}

/* TOML allows a NUL in a key, and no name in a guest or of a stage can hold one. */
static void
check_keys(struct lower *l, const struct value *v)
{
	for (size_t i = 0; v->kind == VALUE_ARRAY && i < v->array.len; i++)
		check_keys(l, v->array.v[i]);
	for (size_t i = 0; v->kind == VALUE_TABLE && i < v->table.len; i++) {
		const struct value *one = v->table.items[i].value;

		if (strstr(v->table.items[i].key, "\xc0\x80"))
			diag_error(l->diags, lower_pos(one), "this key holds a NUL byte");
		check_keys(l, one);
	}
}

static void
open_sections(struct lower *l)
{
	const struct value *run = value_get(l->root, "run");
	/* run = false stands for [run] enable = false. */
	bool plain = run && run->kind == VALUE_BOOL;

	section_open(l, &l->general, l->root, "general", "[general]");
	section_open(l, &l->kernel, l->root, "kernel", "[kernel]");
	section_open(l, &l->init, l->root, "init", "[init]");
	section_open(l, &l->files, l->root, "files", "[files]");
	section_open(l, &l->boot, l->root, "boot", "[boot]");
	section_open(l, &l->network, l->boot.table, "network", "[boot.network]");
	section_open(l, &l->output, l->root, "output", "[output]");
	section_open(l, &l->run, plain ? NULL : l->root, "run", "[run]");
	section_open(l, &l->budget, l->run.table, "budget", "[run.budget]");
}

static void
close_sections(struct lower *l)
{
	struct section *all[] = { &l->general, &l->kernel, &l->init, &l->files, &l->boot,
		&l->network, &l->output, &l->run, &l->budget };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		section_release(all[i]);
	for (size_t i = 0; i < l->apps.len; i++) {
		section_release(&l->apps.v[i].section);
		vec_release(&l->apps.v[i].depends);
	}
	vec_release(&l->apps);
	map_release(&l->app_ids, NULL);
	vec_release(&l->roots);
	map_release(&l->homes, free);
	free(l->dir);
}

static void
route_sections(struct lower *l)
{
	struct section *all[] = { &l->general, &l->kernel, &l->init, &l->boot,
		&l->network, &l->output, &l->run };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		section_route(l, all[i]);
	lower_app_keys(l);
	for (size_t i = 0; i < l->apps.len; i++)
		section_route(l, &l->apps.v[i].section);
}

static void
lower_machine(struct lower *l)
{
	lower_kernel(l);
	lower_apps(l);
	lower_image(l);
	route_sections(l);
	/* The machine answers to the recipe's name unless the recipe says otherwise. */
	lower_default(l->rootfs, "hostname", NULL, l->out->name);
}

/* ---- The whole ------------------------------------------------------- */

/* The console that the kernel talks on, unless the recipe says something else. */
static void
default_cmdline(struct lower *l, struct stage *s)
{
	const char *console = l->out->arch_plugin
		? record_get(&l->out->arch_plugin->arch, "console") : NULL;
	cleanup_free char *text = NULL;

	if (!console)
		return;
	text = xasprintf("console=%s", console);
	lower_default(s, "cmdline", NULL, text);
}

/* What a site says counts only where it cannot change what a recipe makes. */
static void
default_site(struct lower *l, struct stage *s)
{
	const struct record *site = l->env->site;

	for (size_t i = 0; site && i < site->len; i++) {
		const struct field *f = &site->fields[i];
		const struct option_info *o = plugin_option(s->plugin, f->name);

		if (o && o->flags & MSMV_OPT_NO_KEY && !stage_option_get(s, f->name))
			lower_default(s, f->name, NULL, f->value);
	}
}

static void
default_format(struct lower *l, struct stage *s)
{
	cleanup_free char *text = xasprintf("%d", l->format);

	if (plugin_option(s->plugin, "format_version") && !stage_option_get(s, "format_version"))
		lower_default(s, "format_version", NULL, text);
}

static const struct export *
find_export(const struct pipeline *p, const struct stage_input *in)
{
	for (size_t i = 0; i < p->exports.len; i++)
		if (streq(p->exports.v[i].stage, in->from_stage) &&
			streq(p->exports.v[i].port, in->from_port))
			return &p->exports.v[i];
	return NULL;
}

/* Who tells a person of a file must know what the recipe calls it. */
static void
name_inputs(struct stage *s, const struct pipeline *p)
{
	for (size_t i = 0; i < s->inputs.len; i++) {
		struct stage_input *in = &s->inputs.v[i];
		const struct port_info *port = plugin_input(s->plugin, in->port);
		const struct export *e =
			port && port->flags & MSMV_PORT_NAMED ? find_export(p, in) : NULL;

		if (e && e->filename)
			in->file = xstrdup(e->filename);
	}
}

static void
complete(struct lower *l)
{
	const struct record *mirrors = l->env->mirrors;

	for (size_t i = 0; i < l->boot.stages.len; i++)
		default_cmdline(l, l->boot.stages.v[i]);
	for (size_t i = 0; i < l->out->stages.len; i++) {
		struct stage *s = l->out->stages.v[i];
		const char *section = map_get(&l->homes, s->name);
		bool own = stage_option_get(s, "mirrors") != NULL;

		for (size_t k = 0; mirrors && !own && k < mirrors->len; k++)
			lower_default(s, "mirrors", mirrors->fields[k].name,
				mirrors->fields[k].value);
		default_site(l, s);
		default_format(l, s);
		schema_complete(
			&l->schema, section, s->pos, s);
		name_inputs(s, l->out);
	}
}

static void
report_fault(void *arg, const struct graph_fault *f)
{
	struct lower *l = arg;
	const char *section = map_get(&l->homes, f->stage->name);

	struct pos pos = diags_full(l->diags) ? f->stage->pos
		: lower_stages_pos(l, f->stage, f->input, f->need);

	/* [stage.NAME] names the stage already. */
	if (str_starts(section, "[stage."))
		diag_error(l->diags, pos, "%s %s", section, f->text);
	else
		diag_error(l->diags, pos, "%s stage %s: %s", section, f->stage->name,
			f->text);
}

static void
check_edges(struct lower *l)
{
	struct graph g = GRAPH_INIT;
	cleanup_err struct err err = ERR_INIT;

	if (l->incomplete || graph_check(l->out, report_fault, l))
		return;
	if (graph_build(&g, l->out, &err) < 0)
		diag_error(l->diags, g.blame->pos, "%s",
			err_msg(&err));
	graph_release(&g);
}

int
lower(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, struct pipeline *out, struct diags *diags)
{
	struct lower l = { .root = root, .catalog = catalog, .env = env, .out = out,
		.diags = diags, .dir = path_dir(env->recipe) };
	size_t errors = diags->errors, kept = diags->list.len;
	bool machine = is_machine(root);

	l.schema = (struct schema){ diags, l.dir };
	out->recipe = xstrdup(env->recipe);
	check_keys(&l, root);
	check_sections(&l);
	open_sections(&l);
	lower_general(&l, machine);
	if (machine)
		lower_machine(&l);
	else if (!value_get(root, "stage"))
		diag_error(diags, POS_NONE,
			"there is nothing to build: a machine wants [kernel], anything "
			"else [stage.NAME]");
	lower_stages(&l);
	complete(&l);
	check_edges(&l);
	close_sections(&l);
	diags_sort(diags, kept);
	return diags->errors > errors ? -1 : 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [applications.*] with what is compiled around them: the C library before, the
 * guest's init after. An application sees its dependencies through sysroot inputs.
 */
#include "recipe/lower_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/suggest.h"

enum { DEPENDS_DEPTH = 1000, DEPENDS_MAX = 100000 };

static const char *const reserved[] = { "kernel", "musl", "init", "stage" };

/* Stage names are made of it: "ID.build". */
static bool
id_is_valid(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
		if (streq(id, reserved[i]))
			return false;
	/* Logs are named after it, and file names end at 255 bytes. */
	return *id && strlen(id) <= 200 &&
		!id[strspn(id,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_+-")];
}

static struct app *
find_app(struct lower *l, const char *id)
{
	return map_get(&l->app_ids, id);
}

/* ---- Reading --------------------------------------------------------- */

static const struct plugin_info *
builder(struct lower *l, const struct section *sec)
{
	const char *kind = section_text(l, sec, "build");
	const struct value *v = value_get(sec->table, "build");
	cleanup_free char *capability = xasprintf("build:%s", kind ? kind : "autotools");

	return lower_provider(l, sec->name, v ? v->pos : sec->pos, capability);
}

/*
 * Old recipes ask for the network at an application. It is the machine's here, so that
 * a wish which [boot.network] does not fulfil is told.
 */
static void
check_net(struct lower *l, const struct section *sec)
{
	const struct value *v = value_get(sec->table, "include_net");
	bool wanted = section_bool(l, sec, "include_net", false);
	const struct value *off = value_get(l->network.table, "enable");
	bool there = l->network.table && !(off && off->kind == VALUE_BOOL && !off->boolean);

	if (!v || wanted == there)
		return;
	diag_warning(l->diags, lower_pos(v), "%s include_net = %s, but the machine has %s "
		"network", sec->name, wanted ? "true" : "false", there ? "a" : "no");
	diag_hint(l->diags, there ? "[boot.network] enable = false turns it off"
		: "[boot.network] gives it one");
}

static void
read_app(struct lower *l, const struct value *table, const char *id)
{
	cleanup_free char *name = xasprintf("[applications.%s]", id);
	struct app app = { .id = id };

	section_open(l, &app.section, table, id, name);
	section_keys(l, &app.section, "applications");
	if (app.section.table && !id_is_valid(id)) {
		diag_error(l->diags, app.section.pos,
			"%s: \"%s\" cannot name an application", name, id);
		diag_hint(l->diags,
			"letters, digits, _ + -; but not kernel, musl, init, stage");
		l->incomplete = true;
	}
	if (!app.section.table || !id_is_valid(id)) {
		section_release(&app.section);
		return;
	}
	app.builder = builder(l, &app.section);
	app.run = section_text(l, &app.section, "output_executable_path");
	app.install = section_bool(l, &app.section, "install", app.run != NULL);
	check_net(l, &app.section);
	section_texts(l, &app.section, "depends", &app.depends);
	vec_push(&l->apps, app);
}

static void
read_apps(struct lower *l)
{
	const struct value *table = value_get(l->root, "applications");

	if (!table)
		return;
	if (table->kind != VALUE_TABLE) {
		diag_error(l->diags, lower_pos(table),
			"applications wants tables, as [applications.hello], not %s",
			value_kind_name(table->kind));
		return;
	}
	for (size_t i = 0; i < table->table.len; i++)
		read_app(l, table, table->table.items[i].key);
	for (size_t i = 0; i < l->apps.len; i++)
		map_put(&l->app_ids, l->apps.v[i].id, &l->apps.v[i]);
}

/* ---- The C library --------------------------------------------------- */

static bool
takes_sysroot(const struct plugin_info *p)
{
	return p && plugin_input(p, "sysroot");
}

static bool
musl_is_used(struct lower *l)
{
	if (!l->musl)
		return false;
	for (size_t i = 0; i < l->apps.len; i++)
		if (takes_sysroot(l->apps.v[i].builder))
			return true;
	return takes_sysroot(catalog_provider(l->catalog, "build:init"));
}

static void
lower_musl(struct lower *l)
{
	static const char where[] = "libc = \"musl\"";
	const struct plugin_info *fetch, *build;
	struct stage *source;

	fetch = lower_provider(l, where, l->general.pos, "fetch:apt-src");
	build = lower_provider(l, where, l->general.pos, "build:autotools");
	if (!fetch || !build)
		return;
	source = lower_stage(l, &l->general, "musl.source", l->general.pos, fetch);
	l->musl_build = lower_stage(l, &l->general, "musl.build", l->general.pos, build);
	if (!source || !l->musl_build)
		return;
	lower_default(source, "url", NULL, "apt-src:musl");
	source->license = xstrdup("MIT");
	lower_default(l->musl_build, "config_script", NULL,
		"./configure --prefix=/usr --disable-shared --disable-wrapper");
	lower_connect(l->musl_build, "source", source, "file");
}

/* ---- Stages ---------------------------------------------------------- */

static void
make_app(struct lower *l, struct app *app)
{
	struct section *sec = &app->section;
	const struct value *url = value_get(sec->table, "url");
	cleanup_free char *source = xasprintf("%s.source", app->id);
	cleanup_free char *build = xasprintf("%s.build", app->id);

	if (url) {
		app->source = lower_source(l, sec, source, url);
	} else {
		diag_error(l->diags, sec->pos, "%s url is missing", sec->name);
		l->incomplete = sec->incomplete = true;
	}
	if (app->builder)
		app->build = lower_stage(l, sec, build, sec->pos, app->builder);
	section_add(sec, app->build);
	lower_connect(app->build, "source", app->source, "file");
	lower_connect(app->build, "sysroot", l->musl_build, "sysroot");
}

/* Said once: what follows from one chain that is too long is said by it. */
static void
too_many_depends(struct lower *l, const struct app *user, const char *what, size_t limit)
{
	diag_error(l->diags, user->section.pos, "%s: applications have more than %zu %s",
		user->section.name, limit, what);
	l->incomplete = true;
	l->edges = DEPENDS_MAX + 1;
}

/*
 * Connects what app depends on, and what these depend on, each once. A long chain gives
 * as many edges as its length squared, so there is a limit to all of them.
 */
static void
connect_depends(struct lower *l, struct app *user, const struct app *app, size_t depth)
{
	for (size_t i = 0; i < app->depends.len && l->edges <= DEPENDS_MAX; i++) {
		struct app *dep = find_app(l, app->depends.v[i]->string.s);

		if (!dep || dep->visited == user)
			continue;
		dep->visited = user;
		dep->used = true;
		if (depth == DEPENDS_DEPTH) {
			too_many_depends(l, user, "depends in a row", DEPENDS_DEPTH);
			return;
		}
		if (l->edges++ == DEPENDS_MAX) {
			too_many_depends(l, user, "depends, indirect ones too", DEPENDS_MAX);
			return;
		}
		lower_connect(user->build, "sysroot", dep->build, "sysroot");
		connect_depends(l, user, dep, depth + 1);
	}
}

static void
unknown_depend(struct lower *l, const struct app *app, const struct value *v)
{
	VEC(const char *) ids = VEC_INIT;
	const char *near;

	for (size_t i = 0; i < l->apps.len && !diags_full(l->diags); i++)
		vec_push(&ids, l->apps.v[i].id);
	near = diags_suggest(l->diags, v->string.s, ids.v, ids.len);
	vec_release(&ids);
	diag_error(l->diags, v->pos, "%s depends on %s, which is no application here",
		app->section.name, v->string.s);
	if (near)
		diag_hint(l->diags, "did you mean %s?", near);
}

static void
check_depends(struct lower *l, const struct app *app)
{
	for (size_t i = 0; i < app->depends.len; i++) {
		const struct value *v = app->depends.v[i];

		if (!find_app(l, v->string.s))
			unknown_depend(l, app, v);
		else if (app->builder && !takes_sysroot(app->builder))
			diag_error(l->diags, v->pos,
				"%s depends on %s, but plugin %s cannot build against "
				"others "
				"(no input port sysroot)",
				app->section.name, v->string.s, app->builder->name);
	}
}

static void
make_init(struct lower *l)
{
	const struct plugin_info *p;
	struct stage *s;
	cleanup_free char *source = path_join(l->env->data_dir, "init");

	p = lower_provider(l, l->init.name, l->init.pos, "build:init");
	s = p ? lower_stage(l, &l->init, "init.build", l->init.pos, p) : NULL;
	section_add(&l->init, s);
	if (!s)
		return;
	if (!section_has(&l->init, "source"))
		lower_default(s, "source", NULL, source);
	lower_connect(s, "sysroot", l->musl_build, "sysroot");
	vec_push(&l->roots, ((struct offer){ "root", s, "root" }));
}

/* Old recipes have applications without a program to start; say what becomes of it. */
static void
warn_unused(struct lower *l)
{
	for (size_t i = 0; i < l->apps.len; i++) {
		const struct section *sec = &l->apps.v[i].section;

		if (l->apps.v[i].install || l->apps.v[i].used)
			continue;
		diag_warning(l->diags, sec->pos, "%s is built, but not in the image",
			sec->name);
		diag_hint(l->diags,
			"output_executable_path makes it a program, install = "
			"true files; another's depends makes it a library");
	}
}

void
lower_apps(struct lower *l)
{
	read_apps(l);
	if (musl_is_used(l))
		lower_musl(l);
	for (size_t i = 0; i < l->apps.len; i++)
		make_app(l, &l->apps.v[i]);
	for (size_t i = 0; i < l->apps.len; i++) {
		check_depends(l, &l->apps.v[i]);
		connect_depends(l, &l->apps.v[i], &l->apps.v[i], 0);
	}
	warn_unused(l);
	make_init(l);
	for (size_t i = 0; i < l->apps.len; i++)
		if (l->apps.v[i].install && l->apps.v[i].build)
			vec_push(&l->roots,
				((struct offer){ "root", l->apps.v[i].build, "root" }));
}

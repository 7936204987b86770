/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Which stages of several architectures are one, on a catalog of three plugins; whole
 * recipes are in tests/data/recipes, which the unit test of lower goes through.
 */
#include "recipe/matrix.h"

#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"
#include "recipe/toml.h"
#include "unit/unit.h"

static struct catalog catalog = CATALOG_INIT;

static struct plugin_info *
add_plugin(const char *name, uint32_t kind, uint32_t flags)
{
	struct plugin_info *p = xcalloc(1, sizeof(*p));
	struct port_info in = { .name = xstrdup("in"), .kind = MSMV_PORT_FILE,
		.flags = MSMV_PORT_MANY };
	struct port_info out = { .name = xstrdup("out"), .kind = MSMV_PORT_FILE };
	struct option_info o = { .name = xstrdup("text"), .type = MSMV_TYPE_STRING };

	p->name = xstrdup(name);
	p->kind = kind;
	p->flags = flags;
	vec_push(&p->inputs, in);
	vec_push(&p->outputs, out);
	vec_push(&p->options, o);
	vec_push(&catalog.plugins, p);
	return p;
}

static void
make_catalog(void)
{
	struct plugin_info *a = add_plugin("arch-a", MSMV_KIND_ARCH, 0);
	struct plugin_info *b = add_plugin("arch-b", MSMV_KIND_ARCH, 0);

	add_plugin("any", MSMV_KIND_STAGE, MSMV_PLUGIN_ANY_ARCH);
	add_plugin("own", MSMV_KIND_STAGE, 0);
	vec_push(&a->provides, xstrdup("arch:a"));
	vec_push(&b->provides, xstrdup("arch:b"));
}

static int
lowered(const char *text, const char *const *archs, struct pipeline *p, struct err *err)
{
	struct lower_env env = { "/r/r.toml", "/data", "a", NULL, NULL };
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_value struct value *root = toml_parse("r.toml", text, strlen(text), &d);
	cleanup_free char *report = NULL;
	struct choices c = { NULL, archs, NULL };
	int result = recipe_lower(root, &catalog, &env, &c, p, &d, err);

	report = diags_text(&d);
	ck_assert_msg(result == 0 || err->msg, "%s", report);
	return result;
}

static const char machines[] =
	"[general]\nname = 'm'\ntarget_arch = ['a', 'b']\n"
	"[stage.last]\nplugin = 'any'\ninputs.in = ['user:out', 'first:out']\n"
	"[stage.first]\nplugin = 'any'\ntext = 'same'\n"
	"[stage.user]\nplugin = 'any'\nneeds = ['first']\ninputs.in = 'first:out'\n"
	"[stage.own]\nplugin = 'own'\ninputs.in = 'first:out'\nneeds = ['differs']\n"
	"[stage.behind]\nplugin = 'any'\ninputs.in = 'own:out'\n"
	"[stage.differs]\nplugin = 'any'\ntext = 'for {{arch}}'\n"
	"[arch.b.stage.only]\nplugin = 'any'\n";

static void
names(const struct pipeline *p, struct str *out)
{
	for (size_t i = 0; i < p->stages.len; i++)
		str_addf(out, "%s%s", i ? " " : "", p->stages.v[i]->name);
}

START_TEST(shares)
{
	struct pipeline p = PIPELINE_INIT;
	cleanup_str struct str all = STR_INIT;
	const struct stage *s;

	ck_assert_int_eq(lowered(machines, NULL, &p, NULL), 0);
	names(&p, &all);
	ck_assert_str_eq(all.p, "last first user own@a behind@a differs@a "
				"own@b behind@b differs@b only@b");
	ck_assert_str_eq(p.arch, "a, b");
	s = pipeline_find(&p, "own@b");
	ck_assert_str_eq(s->inputs.v[0].from_stage, "first");
	ck_assert_str_eq(s->needs.v[0], "differs@b");
	ck_assert_str_eq(s->arch, "b");
	ck_assert_str_eq(s->arch_plugin->name, "arch-b");
	ck_assert_str_eq(pipeline_find(&p, "behind@a")->inputs.v[0].from_stage, "own@a");
	s = pipeline_find(&p, "user");
	ck_assert_ptr_null(s->arch);
	ck_assert_ptr_null(s->arch_plugin);
	/* Ends are copied out: what is shared once, the others to a folder of their own. */
	ck_assert_uint_eq(p.exports.len, 6);
	ck_assert_str_eq(p.exports.v[0].stage, "last");
	ck_assert_ptr_null(p.exports.v[0].folder);
	ck_assert_str_eq(p.exports.v[1].stage, "behind@a");
	ck_assert_str_eq(p.exports.v[1].folder, "a");
	ck_assert(stage_is(pipeline_find(&p, "own@b"), "own"));
	ck_assert(!stage_is(pipeline_find(&p, "own@b"), "ow"));
	ck_assert(!stage_is(pipeline_find(&p, "own@b"), "own@a"));
	pipeline_release(&p);
}
END_TEST

START_TEST(picks)
{
	static const char *const archs[] = { "b", NULL }, *const none[] = { "c", NULL };
	struct pipeline p = PIPELINE_INIT;
	cleanup_str struct str all = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(lowered(machines, archs, &p, NULL), 0);
	names(&p, &all);
	ck_assert_str_eq(all.p, "last first user own@b behind@b differs@b only@b");
	ck_assert_str_eq(p.arch, "b");
	pipeline_release(&p);
	ck_assert_int_eq(lowered(machines, none, &p, &err), -1);
	ck_assert_msg(str_starts(err_msg(&err), "--arch c: the recipe is for a, b"), "%s",
		err_msg(&err));
	pipeline_release(&p);
}
END_TEST

START_TEST(one_keeps_its_names)
{
	static const char text[] = "general = { name = 'm', target_arch = ['a'] }\n"
				   "stage.x = { plugin = 'own' }\n";
	struct pipeline p = PIPELINE_INIT;

	ck_assert_int_eq(lowered(text, NULL, &p, NULL), 0);
	ck_assert_uint_eq(p.stages.len, 1);
	ck_assert_str_eq(p.stages.v[0]->name, "x");
	ck_assert_str_eq(p.stages.v[0]->arch, "a");
	ck_assert_ptr_null(p.exports.v[0].folder);
	ck_assert_str_eq(sources_get(&p.sources, 0)->file, "r.toml");
	pipeline_release(&p);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("matrix");

	make_catalog();
	tcase_add_test(c, shares);
	tcase_add_test(c, picks);
	tcase_add_test(c, one_keeps_its_names);
	return unit_run("matrix", c);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* What is put over a recipe and in which order, and what a person may ask for. */
#include "recipe/variant.h"

#include <string.h>

#include "base/str.h"
#include "recipe/toml.h"
#include "unit/unit.h"

static const char recipe[] =
	"[general]\nname = 'n'\ntarget_arch = ['x86', 'arm64']\n"
	"[variables]\nv = 'own'\n"
	"[run]\na = 'own'\nb = 'own'\nc = 'own'\nd = '{{v}}'\ne = ['own']\n"
	"[profile.one.run]\na = 'one'\nb = 'one'\n"
	"[profile.two]\nrun.a = 'two'\nrun.e = ['t', 'w']\nvariables.v = 'two'\n"
	"[arch.aarch64.run]\na = 'arm'\nb = 'arm'\nc = 'arm'\n"
	"[arch.amd64.run]\nc = 'amd'\n";

static struct value *
parsed(const char *text)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	struct value *root = toml_parse("t", text, strlen(text), &d);

	ck_assert_ptr_nonnull(root);
	return root;
}

static const struct {
	const char *profiles[3];
	const char *sets[3];
	const char *arch;
	const char *a, *b, *c, *d;
	size_t e;
} orders[] = {
	{ { NULL }, { NULL }, "x86_64", "own", "own", "amd", "own", 1 },
	{ { NULL }, { NULL }, "aarch64", "arm", "arm", "arm", "own", 1 },
	{ { "one" }, { NULL }, "x86_64", "one", "one", "amd", "own", 1 },
	{ { "one", "two" }, { NULL }, "x86_64", "two", "one", "amd", "two", 2 },
	{ { "two", "one" }, { NULL }, "x86_64", "one", "one", "amd", "two", 2 },
	{ { "two", "one" }, { NULL }, "aarch64", "arm", "arm", "arm", "two", 2 },
	{ { "two" }, { "run.c=set", "variables.v=set" }, "aarch64", "arm", "arm", "set",
		"set", 2 },
	{ { NULL }, { "run.b={{arch}}", NULL }, "x86_64", "own", "x86_64", "amd", "own", 1 },
};

static const char *
text_at(const struct value *root, const char *path)
{
	const struct value *v = value_path(root, path);

	ck_assert_msg(v && v->kind == VALUE_STRING, "%s", path);
	return v->string.s;
}

START_TEST(order)
{
	cleanup_value struct value *root = parsed(recipe), *v = NULL;
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct choices c = { orders[_i].profiles, NULL, orders[_i].sets };
	struct targets t = TARGETS_INIT;

	ck_assert_int_eq(variant_targets(&t, root, &c, "riscv64", &d, &err), 0);
	ck_assert_uint_eq(t.list.len, 2);
	for (size_t i = 0; i < t.list.len; i++)
		if (streq(t.list.v[i].arch, orders[_i].arch))
			v = variant_make(root, &c, &t.list.v[i], &d, &err);
	ck_assert_ptr_nonnull(v);
	ck_assert_str_eq(text_at(v, "run.a"), orders[_i].a);
	ck_assert_str_eq(text_at(v, "run.b"), orders[_i].b);
	ck_assert_str_eq(text_at(v, "run.c"), orders[_i].c);
	ck_assert_str_eq(text_at(v, "run.d"), orders[_i].d);
	ck_assert_uint_eq(value_path(v, "run.e")->array.len, orders[_i].e);
	ck_assert_ptr_null(value_get(v, "arch"));
	ck_assert_ptr_null(value_get(v, "profile"));
	ck_assert_ptr_null(value_get(v, "variables"));
	/* One text is left of the list, at its own place. */
	ck_assert_int_eq(value_path(v, "general.target_arch")->kind, VALUE_STRING);
	ck_assert_int_eq(value_path(v, "general.target_arch")->pos.line, 3);
	targets_release(&t);
}
END_TEST

static const struct {
	const char *recipe;
	const char *profiles[2], *archs[2], *sets[2];
	const char *err;
} refusals[] = {
	{ recipe, { "oen" }, { NULL }, { NULL },
		"there is no profile oen: did you mean one?; the recipe has: one, two" },
	{ recipe, { "xxxxxx" }, { NULL }, { NULL },
		"there is no profile xxxxxx; the recipe has: one, two" },
	{ "a = 1\n", { "x" }, { NULL }, { NULL },
		"there is no profile x: the recipe has no [profile.NAME]" },
	{ recipe, { NULL }, { "riscv64" }, { NULL },
		"--arch riscv64: the recipe is for x86_64, aarch64 (--set "
		"general.target_arch=riscv64 makes it another)" },
	{ recipe, { NULL }, { NULL }, { "run" },
		"--set run: wants KEY=VALUE, as in kernel.version=6.12" },
};

START_TEST(refused)
{
	cleanup_value struct value *root = parsed(refusals[_i].recipe);
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct choices c = { refusals[_i].profiles, refusals[_i].archs, refusals[_i].sets };
	struct targets t = TARGETS_INIT;

	ck_assert_int_eq(variant_targets(&t, root, &c, "x86_64", &d, &err), -1);
	ck_assert_str_eq(err_msg(&err), refusals[_i].err);
	ck_assert(!diags_failed(&d));
	targets_release(&t);
}
END_TEST

static const struct {
	const char *text;
	const char *archs[3]; /* none: refused */
	const char *set;
} targets[] = {
	{ "a = 1\n", { "riscv64" }, NULL },
	{ "general.target_arch = 'arm64'\n", { "aarch64" }, NULL },
	{ "general.target_arch = ['x86']\n", { "x86_64" }, NULL },
	{ "general.target_arch = ['x86', 'aarch64']\n", { "x86_64", "aarch64" }, NULL },
	{ "general.target_arch = ['x86']\n", { "aarch64", "x86_64" },
		"general.target_arch=['arm64', 'x86']" },
	{ "general.target_arch = '{{a}}'\nvariables.a = 'arm64'\n", { "aarch64" }, NULL },
	{ "general.target_arch = ['{{a}}', 'x86']\nvariables.a = 'arm64'\n",
		{ "aarch64", "x86_64" }, NULL },
	{ "general.target_arch = []\n", { NULL }, NULL },
	{ "general.target_arch = [1]\n", { NULL }, NULL },
	{ "general.target_arch = ['x86', 'x86_64']\n", { NULL }, NULL },
	{ "arch = 1\n", { NULL }, NULL },
	{ "arch.x86_64 = 1\n", { NULL }, NULL },
	{ "[arch.x86_64.general]\ntarget_arch = 'x'\n", { NULL }, NULL },
	{ "[profile.x]\ninclude = 'x'\n", { NULL }, NULL },
};

START_TEST(target)
{
	cleanup_value struct value *root = parsed(targets[_i].text);
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_err struct err err = ERR_INIT;
	const char *sets[] = { targets[_i].set, NULL };
	struct choices c = { NULL, NULL, sets };
	struct targets t = TARGETS_INIT;
	int result = variant_targets(&t, root, &c, "riscv64", &d, &err);
	size_t n = 0;

	while (targets[_i].archs[n])
		n++;
	ck_assert_int_eq(result, n ? 0 : -1);
	ck_assert(diags_failed(&d) == !n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(t.list.len, n);
		ck_assert_str_eq(t.list.v[i].arch, targets[_i].archs[i]);
	}
	targets_release(&t);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("variant");

	tcase_add_loop_test(c, order, 0, ARRAY_LEN(orders));
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(refusals));
	tcase_add_loop_test(c, target, 0, ARRAY_LEN(targets));
	return unit_run("variant", c);
}

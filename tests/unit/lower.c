/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Lowers every recipe in tests/data/recipes against the plugins in catalog.txt there
 * and compares what comes of it with the file beside it: NAME.stages, or NAME.errors
 * for the recipes that begin with "bad-". With UPDATE set the files are written
 * instead; read them before you commit them.
 */
#include "recipe/matrix.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/str.h"
#include "msmv/plugin.h"
#include "recipe/toml.h"
#include "tools/catalog.h"
#include "unit/unit.h"

static char *data_dir;
static struct catalog catalog = CATALOG_INIT;
static struct dirent **cases;

/* The folder that the tests happen to lie in is DIR. */
static void
add_text(struct str *out, const char *text)
{
	const char *found;

	while ((found = strstr(text, data_dir))) {
		str_addn(out, text, (size_t)(found - text));
		str_add(out, "DIR");
		text = found + strlen(data_dir);
	}
	str_add(out, text);
}

/* ---- A pipeline as text ---------------------------------------------- */

static void
dump_option(struct str *out, const struct stage_option *o)
{
	str_addf(out, "  %s%s", o->pos.line ? "" : "(", o->name);
	for (size_t i = 0; i < o->count; i++) {
		const char *value = o->values[i];

		if (o->keys)
			str_addf(out, " %s=", o->keys[i]);
		else
			str_addc(out, ' ');
		if (str_starts(value, data_dir))
			str_addf(out, "DIR%s", value + strlen(data_dir));
		else
			str_addf(out, strpbrk(value, " '") || !*value ? "\"%s\"" : "%s",
				value);
	}
	str_add(out, o->pos.line ? "\n" : ")\n");
}

static void
dump_stage(struct str *out, const struct stage *s)
{
	str_addf(out, "%s: %s at %d:%d\n", s->name, s->plugin->name, s->pos.line, s->pos.column);
	for (size_t i = 0; i < s->options.len; i++)
		dump_option(out, &s->options.v[i]);
	for (size_t i = 0; i < s->inputs.len; i++)
		str_addf(out, "  %s <- %s:%s\n", s->inputs.v[i].port,
			s->inputs.v[i].from_stage, s->inputs.v[i].from_port);
	for (size_t i = 0; i < s->needs.len; i++)
		str_addf(out, "  needs %s\n", s->needs.v[i]);
}

static void
dump(struct str *out, const struct pipeline *p)
{
	str_addf(out, "%s on %s (%s)\n", p->name, p->arch,
		p->arch_plugin ? p->arch_plugin->name : "unknown");
	for (size_t i = 0; i < p->stages.len; i++)
		dump_stage(out, p->stages.v[i]);
	for (size_t i = 0; i < p->exports.len; i++)
		str_addf(out, "export %s:%s%s%s%s%s\n", p->exports.v[i].stage,
			p->exports.v[i].port, p->exports.v[i].filename ? " as " : "",
			p->exports.v[i].filename ? p->exports.v[i].filename : "",
			p->exports.v[i].folder ? " in " : "",
			p->exports.v[i].folder ? p->exports.v[i].folder : "");
}

/* ---- Cases ----------------------------------------------------------- */

static int
lower_file(
	const char *file, struct value *root, struct diags *diags, struct pipeline *out)
{
	cleanup_free char *path = path_join(data_dir, file);
	struct record mirrors = RECORD_INIT;
	struct lower_env env = { path, "/data", "x86_64", &mirrors, NULL };
	struct choices choices = { NULL, NULL, NULL };
	int result;

	record_add(&mirrors, "https://example.org/", "http://mirror/");
	result = recipe_lower(root, &catalog, &env, &choices, out, diags, NULL);
	record_release(&mirrors);
	return result;
}

/* "hello.toml" gives "hello.stages". */
static char *
expected_path(const char *file, bool bad)
{
	cleanup_free char *path = path_join(data_dir, file);

	path[strlen(path) - strlen("toml")] = '\0';
	return xasprintf("%s%s", path, bad ? "errors" : "stages");
}

static void
compare(const char *path, const char *got)
{
	cleanup_err struct err err = ERR_INIT;
	cleanup_str struct str want = STR_INIT;

	if (getenv("UPDATE"))
		ck_assert_int_eq(fs_write(path, got, strlen(got), false, &err), 0);
	ck_assert_msg(fs_read(path, 1 << 20, &want, &err) == 0, "%s", err_msg(&err));
	ck_assert_msg(
		streq(got, str_text(&want)), "%s differs; got:\n%.2000s", path, got);
}

START_TEST(data_case)
{
	const char *file = cases[_i]->d_name;
	bool bad = str_starts(file, "bad-");
	cleanup_free char *path = path_join(data_dir, file);
	cleanup_free char *expected = expected_path(file, bad);
	cleanup_free char *problems = NULL;
	cleanup_str struct str text = STR_INIT, got = STR_INIT;
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct pipeline p = PIPELINE_INIT;
	struct value *root;
	int result;

	ck_assert_int_eq(fs_read(path, 1 << 20, &text, NULL), 0);
	root = toml_parse(file, str_text(&text), text.len, &diags);
	problems = diags_text(&diags);
	ck_assert_msg(root != NULL, "%s", problems);
	result = lower_file(file, root, &diags, &p);
	free(problems);
	problems = diags_text(&diags);
	ck_assert_msg(result == (bad ? -1 : 0), "%s: lower gives %d\n%s", file, result,
		problems);
	if (!bad)
		dump(&got, &p);
	add_text(&got, problems);
	compare(expected, str_text(&got));
	pipeline_release(&p);
	value_free(root);
}
END_TEST

/* ---- Versions without a url -------------------------------------------- */

static const struct {
	const char *version, *url; /* after .../kernel/; NULL: refused */
} versions[] = {
	{ "6.12", "v6.x/linux-6.12.tar.xz" }, { "6.9.4", "v6.x/linux-6.9.4.tar.xz" },
	{ "5.4", "v5.x/linux-5.4.tar.xz" }, { "4.19.300", "v4.x/linux-4.19.300.tar.xz" },
	{ "3.0", "v3.x/linux-3.0.tar.xz" }, { "2.6.39", "v2.6/linux-2.6.39.tar.xz" },
	{ "2.4.37.11", "v2.4/linux-2.4.37.11.tar.xz" },
	{ "10.1", "v10.x/linux-10.1.tar.xz" }, { "20.6", "v20.x/linux-20.6.tar.xz" },
	{ "6", NULL }, { "6.", NULL }, { "6..1", NULL }, { "latest", NULL },
	{ "6.1-rc1", NULL }, { "", NULL },
};

START_TEST(version)
{
	cleanup_free char *text = xasprintf("general.name = 'x'\nkernel.version = '%s'\n",
		versions[_i].version);
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_value struct value *root = toml_parse("x.toml", text, strlen(text), &diags);
	struct pipeline p = PIPELINE_INIT;
	int result = lower_file("x.toml", root, &diags, &p);
	const struct stage *s = pipeline_find(&p, "kernel.source");

	ck_assert_int_eq(result, versions[_i].url ? 0 : -1);
	if (versions[_i].url) {
		cleanup_free char *url = xasprintf(
			"https://cdn.kernel.org/pub/linux/kernel/%s", versions[_i].url);

		ck_assert_str_eq(stage_option_get(s, "url")->values[0], url);
	}
	pipeline_release(&p);
}
END_TEST

/* ---- Applications that need each other in a row ------------------------- */

static const struct {
	int apps;
	const char *report; /* NULL: fine */
} chains[] = {
	{ 400, NULL },
	{ 500, "applications have more than 100000 depends, indirect ones too" },
	{ 1100, "applications have more than 1000 depends in a row" },
};

START_TEST(chain)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_value struct value *root = NULL;
	cleanup_free char *report = NULL;
	struct pipeline p = PIPELINE_INIT;

	str_add(&text, "general.name = 'x'\nkernel.version = '6.1'\n");
	for (int i = 0; i < chains[_i].apps; i++)
		str_addf(&text, "[applications.a%d]\nurl = 'https://x/a.tar'\n"
			"install = true\ndepends = [%s%.0d%s]\n", i, i + 1 < chains[_i].apps
				? "'a" : "", i + 1 < chains[_i].apps ? i + 1 : 0,
			i + 1 < chains[_i].apps ? "'" : "");
	root = toml_parse("x.toml", text.p, text.len, &diags);
	ck_assert_int_eq(lower_file("x.toml", root, &diags, &p), chains[_i].report ? -1 : 0);
	report = diags_text(&diags);
	/* Once, though each of the chain has that many. */
	ck_assert_uint_eq(diags.errors, chains[_i].report ? 1 : 0);
	if (chains[_i].report)
		ck_assert_msg(strstr(report, chains[_i].report) != NULL, "%s", report);
	pipeline_release(&p);
}
END_TEST

/* ---- --set ----------------------------------------------------------- */

static const struct {
	const char *assignment;
	const char *path; /* NULL: the assignment is refused with text */
	enum value_kind kind;
	const char *text;
} sets[] = {
	{ "kernel.url=apt:linux-source-6.12", "kernel.url", VALUE_STRING,
		"apt:linux-source-6.12" },
	{ "kernel.version=6.10", "kernel.version", VALUE_STRING, "6.10" },
	{ "kernel.version=6.9.4", "kernel.version", VALUE_STRING, "6.9.4" },
	{ "general.name=\"a b\"", "general.name", VALUE_STRING, "a b" },
	{ "general.name=a b", "general.name", VALUE_STRING, "a b" },
	{ "general.name=", "general.name", VALUE_STRING, "" },
	{ "general.name=a=b", "general.name", VALUE_STRING, "a=b" },
	{ "general.date=2024-01-02", "general.date", VALUE_STRING, "2024-01-02" },
	{ "boot.initramfs=false", "boot.initramfs", VALUE_BOOL, NULL },
	{ "run.memory = 64", "run.memory", VALUE_INT, NULL },
	{ "output.format=[\"qcow2\", \"uki\"]", "output.format", VALUE_ARRAY, NULL },
	{ "kernel.options={ NET = \"y\" }", "kernel.options.NET", VALUE_STRING, "y" },
	{ "kernel.options.SMP=y", "kernel.options.SMP", VALUE_STRING, "y" },
	{ "'kernel'.\"options\".SMP=y", "kernel.options.SMP", VALUE_STRING, "y" },
	{ "new.section.key=1", "new.section.key", VALUE_INT, NULL },
	{ "applications.\"a=b\".url=x", "applications.a=b.url", VALUE_STRING, "x" },
	{ "kernel.url", NULL, 0, "wants KEY=VALUE" },
	{ "=x", NULL, 0, "wants KEY=VALUE" },
	{ "a b=x", NULL, 0, "wants KEY=VALUE" },
	{ "a..b=x", NULL, 0, "wants KEY=VALUE" },
	{ "[kernel]=x", NULL, 0, "wants KEY=VALUE" },
	{ "x=1\ny=2", "x", VALUE_STRING, "1\ny=2" },
	{ "a\nb=x", NULL, 0, "wants KEY=VALUE" },
	{ "general.name.first=x", NULL, 0,
		"name is a string in the recipe, not a table" },
};

START_TEST(set)
{
	static const char recipe[] =
		"[general]\nname = \"x\"\n[kernel.options]\nNET = \"n\"\n";
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct value *root = toml_parse("x.toml", recipe, strlen(recipe), &diags);
	const struct value *v;
	int result = lower_set(root, sets[_i].assignment, &err);

	if (!sets[_i].path) {
		ck_assert_int_eq(result, -1);
		ck_assert_msg(strstr(err_msg(&err), sets[_i].text) != NULL, "%s",
			err_msg(&err));
	} else {
		ck_assert_msg(result == 0, "%s", err_msg(&err));
		v = value_path(root, sets[_i].path);
		ck_assert_ptr_nonnull(v);
		ck_assert_int_eq(v->kind, sets[_i].kind);
		ck_assert_int_eq(v->pos.line, 0);
		ck_assert_int_eq(v->key_pos.line, 0);
		if (sets[_i].text)
			ck_assert_str_eq(v->string.s, sets[_i].text);
	}
	value_free(root);
}
END_TEST

START_TEST(set_keeps_the_rest)
{
	static const char recipe[] = "[kernel]\nversion = \"6.1\"\noptions.NET = \"n\"\n";
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct value *root = toml_parse("x.toml", recipe, strlen(recipe), &diags);

	ck_assert_int_eq(lower_set(root, "kernel.options.SMP=n", NULL), 0);
	ck_assert_int_eq(lower_set(root, "kernel.version=5.4", NULL), 0);
	ck_assert_str_eq(value_path(root, "kernel.options.NET")->string.s, "n");
	ck_assert_str_eq(value_path(root, "kernel.options.SMP")->string.s, "n");
	ck_assert_str_eq(value_path(root, "kernel.version")->string.s, "5.4");
	value_free(root);
}
END_TEST

/* A wrong value from --set has no place in the file, and says so by naming none. */
START_TEST(set_then_lower)
{
	static const char recipe[] = "[stage.q]\nplugin = \"qcow2\"\n";
	cleanup_diags struct diags diags = DIAGS_INIT;
	struct value *root = toml_parse("x.toml", recipe, strlen(recipe), &diags);
	struct pipeline p = PIPELINE_INIT;
	cleanup_free char *text = NULL;

	ck_assert_int_eq(lower_set(root, "stage.q.size=3", NULL), 0);
	ck_assert_int_eq(lower_file("x.toml", root, &diags, &p), -1);
	text = diags_text(&diags);
	ck_assert_str_eq(text, "msmv: error: x.toml: [stage.q] size is 3; the least is 1M\n");
	pipeline_release(&p);
	value_free(root);
}
END_TEST

static int
is_recipe(const struct dirent *d)
{
	return str_ends(d->d_name, ".toml");
}

int
main(void)
{
	const char *src = getenv("top_srcdir");
	TCase *c = tcase_create("lower");
	int n;
	cleanup_free char *joined = path_join(src ? src : ".", "tests/data/recipes");

	data_dir = path_absolute(joined);
	catalog_read(&catalog, data_dir);
	n = scandir(data_dir, &cases, is_recipe, alphasort);
	if (n <= 0) {
		printf("Bail out! no recipes in %s\n", data_dir);
		return 1;
	}
	tcase_add_loop_test(c, data_case, 0, n);
	tcase_add_loop_test(c, set, 0, ARRAY_LEN(sets));
	tcase_add_loop_test(c, version, 0, ARRAY_LEN(versions));
	tcase_add_loop_test(c, chain, 0, ARRAY_LEN(chains));
	tcase_add_test(c, set_keeps_the_rest);
	tcase_add_test(c, set_then_lower);
	unit_run("lower", c);
	for (int i = 0; i < n; i++)
		free(cases[i]);
	free(cases);
	catalog_release(&catalog);
	free(data_dir);
	return 0;
}

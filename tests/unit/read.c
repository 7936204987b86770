/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Recipes of several files: what wins, where a value says it comes from, and which
 * files a recipe may not name.
 */
#include "recipe/read.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/str.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

/* Writes text to a file of this name in the folder of the recipe. */
static void
file(const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/r/%s", tmpdir, name);
	cleanup_free char *dir = path_dir(path);

	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
}

static struct value *
read_recipe(const char *name, char **report)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *path = xasprintf("%s/r/%s", tmpdir, name);
	struct value *root = recipe_read(path, &d);

	*report = diags_text(&d);
	ck_assert_msg((root == NULL) == diags_failed(&d), "%s", *report);
	return root;
}

static const char *
text_at(const struct value *root, const char *path)
{
	const struct value *v = value_path(root, path);

	ck_assert_msg(v && v->kind == VALUE_STRING, "%s", path);
	return v->string.s;
}

START_TEST(merges)
{
	cleanup_free char *report = NULL;
	cleanup_value struct value *root = NULL;

	file("a.toml", "include = [\"sub/b.yaml\", \"c.toml\"]\n"
		       "[kernel]\nversion = \"own\"\noptions.NET = \"n\"\n"
		       "[output]\nformat = [\"x\"]\n");
	file("sub/b.yaml", "include: d.toml\nkernel:\n  version: b\n  base: b\n"
			   "  options: {NET: y, SMP: y}\noutput: {format: [a, b]}\n");
	file("sub/d.toml", "kernel.base = \"d\"\nkernel.patch = \"d\"\n");
	file("c.toml", "[kernel]\nbase = \"c\"\n[general]\nname = \"c\"\n");
	root = read_recipe("a.toml", &report);
	ck_assert_msg(root != NULL, "%s", report);
	ck_assert_str_eq(text_at(root, "kernel.version"), "own");
	ck_assert_str_eq(text_at(root, "kernel.base"), "c");
	ck_assert_str_eq(text_at(root, "kernel.patch"), "d");
	ck_assert_str_eq(text_at(root, "kernel.options.NET"), "n");
	ck_assert_str_eq(text_at(root, "kernel.options.SMP"), "y");
	ck_assert_str_eq(text_at(root, "general.name"), "c");
	/* A list is replaced, not added to. */
	ck_assert_uint_eq(value_path(root, "output.format")->array.len, 1);
	ck_assert_ptr_null(value_get(root, "include"));
	/* a, b, d, c are read in this order. */
	ck_assert_int_eq(value_path(root, "kernel.version")->pos.file, 0);
	ck_assert_int_eq(value_path(root, "kernel.options.SMP")->pos.file, 1);
	ck_assert_int_eq(value_path(root, "kernel.patch")->pos.file, 2);
	ck_assert_int_eq(value_path(root, "kernel.base")->pos.file, 3);
}
END_TEST

START_TEST(reports_name_the_file)
{
	cleanup_free char *report = NULL;

	file("top.toml", "include = [\"sub/bad.yaml\"]\n");
	file("sub/bad.yaml", "kernel:\n  a: 1\n  a: 2\n");
	ck_assert_ptr_null(read_recipe("top.toml", &report));
	ck_assert_msg(strstr(report, "/r/sub/bad.yaml:3:3: error: a is set twice\n"
				     "    3 |   a: 2\n") != NULL, "%s", report);
}
END_TEST

/* Two files need a third: what it says once stands, and what both say over it. */
START_TEST(a_file_of_two)
{
	cleanup_value struct value *root = NULL;
	cleanup_free char *report = NULL;

	file("top.toml", "include = [\"one.toml\", \"two.toml\", \"./one.toml\"]\n");
	file("one.toml", "include = \"third.toml\"\n[a]\nx = 1\n");
	file("two.toml", "include = \"third.toml\"\n[a]\ny = 2\n");
	file("third.toml", "[a]\nx = 3\ny = 3\nz = 3\n");
	root = read_recipe("top.toml", &report);
	ck_assert_msg(root != NULL, "%s", report);
	ck_assert_int_eq(value_get(value_get(root, "a"), "x")->integer, 1);
	ck_assert_int_eq(value_get(value_get(root, "a"), "y")->integer, 2);
	ck_assert_int_eq(value_get(value_get(root, "a"), "z")->integer, 3);
}
END_TEST

static const struct {
	const char *include, *report;
} refusals[] = {
	{ "\"none.toml\"", "top.toml:1:11: error: include: cannot read none.toml: No such" },
	{ "7", "top.toml:1:11: error: include wants names of files" },
	{ "[\"x.toml\", 7]", "top.toml:1:22: error: include wants names of files" },
	{ "\"\"", "include wants names of files" },
	{ "\"x.toml\\u0000\"", "include wants names of files" },
	{ "\"../out.toml\"", "include: ../out.toml is outside the recipe's folder" },
	{ "\"sub/../../out.toml\"", "outside the recipe's folder" },
	{ "\"/etc/passwd\"", "include: /etc/passwd is outside the recipe's folder" },
	{ "\"link.toml\"", "include: link.toml is outside the recipe's folder" },
	{ "\"dir/out.toml\"", "include: dir/out.toml is outside the recipe's folder" },
	{ "\"top.toml\"", "include: top.toml is what includes it, in a circle" },
	{ "\"cycle.toml\"", "cycle.toml:1:11: error: include: top.toml is what includes" },
	{ "\"sub\"", "top.toml:1:11: error: " },
};

START_TEST(refused)
{
	cleanup_free char *report = NULL;
	cleanup_free char *text = xasprintf("include = %s\n", refusals[_i].include);
	cleanup_free char *out = tmpdir_file("out.toml", "x = 1\n", 6);
	cleanup_free char *link = xasprintf("%s/r/link.toml", tmpdir);
	cleanup_free char *dir = xasprintf("%s/r/dir", tmpdir);

	file("top.toml", text);
	file("x.toml", "[x]\n");
	file("sub/y.toml", "[y]\n");
	file("cycle.toml", "include = \"top.toml\"\n");
	if (access(link, F_OK) < 0)
		ck_assert_int_eq(symlink(out, link), 0);
	if (access(dir, F_OK) < 0)
		ck_assert_int_eq(symlink(tmpdir, dir), 0);
	ck_assert_ptr_null(read_recipe("top.toml", &report));
	ck_assert_msg(strstr(report, refusals[_i].report) != NULL, "%s", report);
}
END_TEST

START_TEST(too_deep)
{
	cleanup_free char *report = NULL;

	for (int i = 0; i <= READ_DEPTH + 1; i++) {
		cleanup_free char *name = xasprintf("deep%d.toml", i);
		cleanup_free char *text = xasprintf("include = 'deep%d.toml'\n", i + 1);

		file(name, i <= READ_DEPTH ? text : "");
	}
	ck_assert_ptr_null(read_recipe("deep0.toml", &report));
	ck_assert_msg(strstr(report, "deep15.toml:1:11: error: include: more than 16 files "
				     "within each other") != NULL, "%s", report);
}
END_TEST

START_TEST(too_many)
{
	cleanup_free char *report = NULL;
	cleanup_str struct str all = STR_INIT;

	str_add(&all, "include = [\n");
	for (int i = 0; i < READ_FILES; i++) {
		cleanup_free char *name = xasprintf("many%d.toml", i);

		file(name, "");
		str_addf(&all, "'%s',\n", name);
	}
	str_add(&all, "]\n");
	file("all.toml", all.p);
	ck_assert_ptr_null(read_recipe("all.toml", &report));
	ck_assert_msg(strstr(report, "all.toml:101:1: error: include: more than 100 files\n")
			!= NULL, "%s", report);
}
END_TEST

START_TEST(without_a_file)
{
	cleanup_free char *report = NULL;

	ck_assert_ptr_null(read_recipe("nothing.yaml", &report));
	ck_assert_msg(strstr(report, "nothing.yaml") != NULL, "%s", report);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("read");

	tmpdir_use(c);
	tcase_add_test(c, a_file_of_two);
	tcase_add_test(c, merges);
	tcase_add_test(c, reports_name_the_file);
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(refusals));
	tcase_add_test(c, too_deep);
	tcase_add_test(c, too_many);
	tcase_add_test(c, without_a_file);
	return unit_run("read", c);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Paths as tables of input and result. */
#include "base/path.h"

#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "unit/unit.h"

static const struct {
	const char *a, *b, *joined;
} joins[] = {
	{ "a", "b", "a/b" },
	{ "a/", "b", "a/b" },
	{ "/", "b", "/b" },
	{ "a", "/b", "/b" },
	{ "", "b", "b" },
	{ "a", "../b", "a/../b" },
};

START_TEST(join)
{
	cleanup_free char *s = path_join(joins[_i].a, joins[_i].b);

	ck_assert_str_eq(s, joins[_i].joined);
}
END_TEST

static const struct {
	const char *path, *dir, *base;
} splits[] = {
	{ "a/b/c", "a/b", "c" },
	{ "c", ".", "c" },
	{ "/c", "/", "c" },
	{ "/a/c", "/a", "c" },
	{ "a/", "a", "" },
	{ "", ".", "" },
};

START_TEST(split)
{
	cleanup_free char *dir = path_dir(splits[_i].path);

	ck_assert_str_eq(dir, splits[_i].dir);
	ck_assert_str_eq(path_base(splits[_i].path), splits[_i].base);
}
END_TEST

static const struct {
	const char *path, *folded;
} absolutes[] = {
	{ "/", "/" },
	{ "//", "/" },
	{ "/a/./b//c/", "/a/b/c" },
	{ "/a/../b", "/b" },
	{ "/..", "/" },
	{ "/../../a", "/a" },
	{ "/a/b/../..", "/" },
	{ "/a/...", "/a/..." },
	{ "/a/.b/..c", "/a/.b/..c" },
};

START_TEST(absolute)
{
	cleanup_free char *s = path_absolute(absolutes[_i].path);

	ck_assert_str_eq(s, absolutes[_i].folded);
}
END_TEST

START_TEST(relative_to_here)
{
	cleanup_free char *a = NULL, *b = NULL, *c = NULL;

	ck_assert_int_eq(chdir("/usr/bin"), 0);
	a = path_absolute("x");
	b = path_absolute("../lib/./y");
	c = path_absolute(".");
	ck_assert_ptr_nonnull(strstr(a, "/bin/x"));
	ck_assert_ptr_nonnull(strstr(b, "/lib/y"));
	ck_assert_ptr_null(strstr(b, ".."));
	ck_assert_ptr_nonnull(strstr(c, "/bin"));
}
END_TEST

static const struct {
	const char *path;
	bool clean;
} cleans[] = {
	{ "a", true },
	{ "a/b.c/..d", true },
	{ "...", true },
	{ "", false },
	{ "/a", false },
	{ "a/", false },
	{ "a//b", false },
	{ ".", false },
	{ "a/./b", false },
	{ "..", false },
	{ "a/..", false },
	{ "../a", false },
};

START_TEST(clean)
{
	ck_assert_msg(path_is_clean(cleans[_i].path) == cleans[_i].clean, "%s",
		cleans[_i].path);
}
END_TEST

static const struct {
	const char *url, *path;
} urls[] = {
	{ "file:///a/b", "/a/b" },
	{ "file://localhost/a", "/a" },
	{ "FILE://LOCALHOST/a", "/a" },
	{ "file://localhosts/a", "localhosts/a" },
	{ "file:///a%20b%2Fc%zz%4", "/a b/c%zz%4" },
	{ "file://", "" },
	{ "file:/a", NULL },
	{ "http://localhost/a", NULL },
	{ "/a", NULL },
	{ "", NULL },
};

START_TEST(of_url)
{
	cleanup_free char *path = path_of_url(urls[_i].url);

	if (urls[_i].path)
		ck_assert_str_eq(path, urls[_i].path);
	else
		ck_assert_ptr_null(path);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("path");

	tcase_add_loop_test(c, join, 0, ARRAY_LEN(joins));
	tcase_add_loop_test(c, split, 0, ARRAY_LEN(splits));
	tcase_add_loop_test(c, absolute, 0, ARRAY_LEN(absolutes));
	tcase_add_test(c, relative_to_here);
	tcase_add_loop_test(c, clean, 0, ARRAY_LEN(cleans));
	tcase_add_loop_test(c, of_url, 0, ARRAY_LEN(urls));
	return unit_run("path", c);
}

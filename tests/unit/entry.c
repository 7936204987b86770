/* SPDX-License-Identifier: GPL-3.0-only */
/* Trees of several stages become one, or it is said why they cannot. */
#include "unit/tree.h"

static void
expect_paths(const struct entries *e, const char *const *want)
{
	size_t n = 0;

	for (; want[n]; n++) {
		ck_assert_uint_lt(n, e->list.len);
		ck_assert_str_eq(e->list.v[n].path, want[n]);
	}
	ck_assert_uint_eq(e->list.len, n);
}

START_TEST(parents_are_added)
{
	static const char *const want[] = { "a", "a-b", "a.b", "a/b", "a/b/c", "a/b/d", "a0",
		"x", "x/y", NULL };
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "a/b/d", S_IFREG | 0644, NULL);
	put_entry(&e, "x/y", S_IFDIR | 0700, NULL);
	put_entry(&e, "a.b", S_IFREG | 0644, NULL);
	put_entry(&e, "a0", S_IFREG | 0644, NULL);
	put_entry(&e, "a-b", S_IFREG | 0644, NULL);
	put_entry(&e, "a/b/c", S_IFLNK | 0777, "d");
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	expect_paths(&e, want);
	ck_assert_uint_eq(find_entry(&e, "a/b")->mode, S_IFDIR | 0755);
	ck_assert_uint_eq(find_entry(&e, "x/y")->mode, S_IFDIR | 0700);
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	expect_paths(&e, want);
	entries_release(&e);
}
END_TEST

START_TEST(folders_fold_to_the_first)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	for (uint32_t i = 3; i-- > 0;) {
		struct entry *x = put_entry(&e, "usr", S_IFDIR | (0700 + i), NULL);

		x->order = i;
	}
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	ck_assert_uint_eq(e.list.len, 1);
	ck_assert_uint_eq(e.list.v[0].mode, S_IFDIR | 0700);
	entries_release(&e);
}
END_TEST

START_TEST(anything_else_twice_is_refused)
{
	static const mode_t modes[][2] = { { S_IFREG, S_IFREG }, { S_IFREG, S_IFDIR },
		{ S_IFDIR, S_IFLNK }, { S_IFLNK, S_IFLNK } };

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct entries e = ENTRIES_INIT;
		cleanup_err struct err err = ERR_INIT;

		put_entry(&e, "z", S_IFREG, NULL);
		put_entry(&e, "bin/sh", modes[i][0], NULL);
		put_entry(&e, "bin/sh", modes[i][1], NULL)->order = 1;
		ck_assert_int_eq(entries_settle(&e, &err), -1);
		ck_assert_str_eq(err_msg(&err), "bin/sh is there twice");
		entries_release(&e);
	}
}
END_TEST

START_TEST(nothing_below_a_file)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "etc/a", S_IFREG | 0644, NULL);
	put_entry(&e, "etc/a/b/c", S_IFREG | 0644, NULL);
	ck_assert_int_eq(entries_settle(&e, &err), -1);
	ck_assert_str_eq(err_msg(&err), "etc/a/b lies below etc/a, which is no folder");
	entries_release(&e);
}
END_TEST

START_TEST(below_a_link_is_fine)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "lib", S_IFLNK | 0777, "usr/lib");
	put_entry(&e, "lib/a", S_IFREG | 0644, NULL)->order = 1;
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	ck_assert_uint_eq(e.list.len, 2);
	entries_release(&e);
}
END_TEST

START_TEST(many)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	for (int i = 0; i < 20000; i++) {
		cleanup_free char *path = xasprintf("d%d/e%d/f%d", i % 7, i % 101, i);

		put_entry(&e, path, S_IFREG | 0644, NULL);
	}
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	ck_assert_uint_eq(e.list.len, 20000 + 7 + 7 * 101);
	for (size_t i = 1; i < e.list.len; i++)
		ck_assert_int_lt(strcmp(e.list.v[i - 1].path, e.list.v[i].path), 0);
	entries_release(&e);
}
END_TEST

START_TEST(none)
{
	struct entries e = ENTRIES_INIT;

	ck_assert_int_eq(entries_settle(&e, NULL), 0);
	ck_assert_uint_eq(e.list.len, 0);
	entries_release(&e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("entry");

	tmpdir_use(t);
	tcase_add_test(t, parents_are_added);
	tcase_add_test(t, folders_fold_to_the_first);
	tcase_add_test(t, anything_else_twice_is_refused);
	tcase_add_test(t, nothing_below_a_file);
	tcase_add_test(t, below_a_link_is_fine);
	tcase_add_test(t, many);
	tcase_add_test(t, none);
	return unit_run("entry", t);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Whatever links lie in the way, nothing is made or changed outside the folder. */
#include "unit/tree.h"

#include "tree/pack.h"

/* A folder "outside" with a file in it, beside an empty one to extract to. */
static char *outside, *victim, *inside;

static void
setup(void)
{
	outside = tmpdir_path("outside");
	inside = tmpdir_path("inside");
	fs_remove(outside, NULL);
	fs_remove(inside, NULL);
	ck_assert_int_eq(fs_mkdirs(outside, 0755, NULL), 0);
	ck_assert_int_eq(fs_mkdirs(inside, 0755, NULL), 0);
	victim = path_join(outside, "victim");
	ck_assert_int_eq(fs_write(victim, "safe", 4, false, NULL), 0);
}

static void
expect_untouched(void)
{
	cleanup_str struct str text = STR_INIT;
	struct entries e = ENTRIES_INIT;
	struct stat st;

	ck_assert_int_eq(fs_read(victim, 64, &text, NULL), 0);
	ck_assert_str_eq(text.p, "safe");
	ck_assert_int_eq(stat(victim, &st), 0);
	ck_assert_uint_eq(st.st_nlink, 1);
	ck_assert_uint_eq(st.st_mode & 07777, 0644);
	ck_assert_int_eq(tree_scan(outside, &e, NULL), 0);
	ck_assert_uint_eq(e.list.len, 1);
	entries_release(&e);
}

static void
teardown(void)
{
	free(outside);
	free(victim);
	free(inside);
}

START_TEST(what_is_made)
{
	struct entries e = ENTRIES_INIT, back = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "bin", S_IFDIR | 0500, NULL);
	put_data_entry(&e, "bin/run", "#!")->mode = S_IFREG | 06755;
	put_entry(&e, "bin/same", S_IFREG | 0755, "bin/run");
	put_entry(&e, "bin/soft", S_IFLNK | 0777, "run");
	put_entry(&e, "null", S_IFCHR | 0666, NULL);
	put_entry(&e, "fifo", S_IFIFO | 0666, NULL);
	put_data_entry(&e, "secret", "s")->mode = S_IFREG | 0600;
	ck_assert_int_eq(entries_settle(&e, &err), 0);
	ck_assert_msg(tree_extract(&e, inside, &err) == 0, "%s", err_msg(&err));
	ck_assert_int_eq(tree_scan(inside, &back, &err), 0);
	ck_assert_uint_eq(back.list.len, 5);
	ck_assert_uint_eq(find_entry(&back, "bin")->mode, S_IFDIR | 0700);
	ck_assert_uint_eq(find_entry(&back, "bin/run")->mode, S_IFREG | 0755);
	ck_assert_str_eq(find_entry(&back, "bin/same")->target, "bin/run");
	ck_assert_str_eq(find_entry(&back, "bin/soft")->target, "run");
	ck_assert_uint_eq(find_entry(&back, "secret")->mode, S_IFREG | 0600);
	entries_release(&e);
	entries_release(&back);
}
END_TEST

/* The link's texts that lead out; what comes after goes through it. */
static char *
way_out(size_t i)
{
	static const char *const texts[] = { "%s", "../outside", "../inside/../outside",
		"/../../../../../../../../..%s", "../../../../../../../../..%s" };

	if (i == ARRAY_LEN(texts))
		return NULL;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return strchr(texts[i], '%') ? xasprintf(texts[i], outside) : xstrdup(texts[i]);
#pragma GCC diagnostic pop
}

START_TEST(links_in_the_way)
{
	static const struct {
		const char *path, *target;
		mode_t mode;
	} cases[] = {
		{ "l/victim", NULL, S_IFREG | 0777 },
		{ "l/new", NULL, S_IFREG | 0777 },
		{ "l/dir", NULL, S_IFDIR | 0777 },
		{ "l/soft", "victim", S_IFLNK | 0777 },
		{ "l/hard", "plain", S_IFREG | 0777 },
		{ "hard", "l/victim", S_IFREG | 0777 },
		{ "l", NULL, S_IFDIR | 0777 },
		{ "l", NULL, S_IFREG | 0777 },
	};
	cleanup_free char *text = NULL;

	for (size_t w = 0; (text = way_out(w)); w++, free(text)) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct entries e = ENTRIES_INIT;
			struct err err = ERR_INIT;

			fs_remove(inside, NULL);
			fs_mkdirs(inside, 0755, NULL);
			put_entry(&e, "l", S_IFLNK | 0777, text);
			put_data_entry(&e, "plain", "evil");
			if (!cases[i].target && S_ISREG(cases[i].mode))
				put_data_entry(&e, cases[i].path, "evil")->mode = cases[i].mode;
			else
				put_entry(&e, cases[i].path, cases[i].mode, cases[i].target);
			/* In the order given, as a tar that is not sorted would have it. */
			tree_extract(&e, inside, &err);
			err_clear(&err);
			entries_release(&e);
			expect_untouched();
		}
	}
}
END_TEST

/* A link to the victim itself as the last part of a path. */
START_TEST(links_as_last_part)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "f", S_IFLNK | 0777, victim);
	put_data_entry(&e, "f", "evil");
	ck_assert_int_eq(tree_extract(&e, inside, &err), -1);
	expect_untouched();
	entries_release(&e);
}
END_TEST

START_TEST(loops_end)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_entry(&e, "a", S_IFLNK | 0777, "b");
	put_entry(&e, "b", S_IFLNK | 0777, "a");
	ck_assert_int_eq(tree_extract(&e, inside, &err), 0);
	put_data_entry(&e, "a/x", "x");
	fs_remove(inside, NULL);
	fs_mkdirs(inside, 0755, NULL);
	ck_assert_int_eq(tree_extract(&e, inside, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "open folder a"));
	entries_release(&e);
}
END_TEST

/* A link that another tree brought, followed as if the folder were the root. */
START_TEST(absolute_links_stay_inside)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *want = path_join(inside, "usr/lib/x");

	put_entry(&e, "usr", S_IFDIR | 0755, NULL);
	put_entry(&e, "usr/lib", S_IFDIR | 0755, NULL);
	put_entry(&e, "lib", S_IFLNK | 0777, "/usr/lib");
	put_data_entry(&e, "lib/x", "x");
	ck_assert_msg(tree_extract(&e, inside, &err) == 0, "%s", err_msg(&err));
	ck_assert(fs_exists(want));
	entries_release(&e);
}
END_TEST

START_TEST(data_cut_off)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	put_data_entry(&e, "a", "1234")->size = 9;
	ck_assert_int_eq(tree_extract(&e, inside, &err), -1);
	ck_assert_str_eq(err_msg(&err), "a: its data is cut off");
	entries_release(&e);
}
END_TEST

START_TEST(no_folder)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(tree_extract(&e, victim, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "Not a directory"));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("extract");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_made);
	tcase_add_test(t, links_in_the_way);
	tcase_add_test(t, links_as_last_part);
	tcase_add_test(t, loops_end);
	tcase_add_test(t, absolute_links_stay_inside);
	tcase_add_test(t, data_cut_off);
	tcase_add_test(t, no_folder);
	return unit_run("extract", t);
}

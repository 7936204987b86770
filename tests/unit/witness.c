/* SPDX-License-Identifier: GPL-3.0-only */
/* Whatever was looked at is noticed when it is another, and nothing else is. */
#include "base/witness.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/sha256.h"
#include "base/text_file.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static char *file, *link_path, *dir, *none;

static void
setup(void)
{
	file = tmpdir_file("file", "text", 4);
	link_path = tmpdir_path("link");
	dir = tmpdir_path("dir");
	none = tmpdir_path("none");
	fs_remove(link_path, NULL);
	fs_remove(dir, NULL);
	fs_remove(none, NULL);
	ck_assert_int_eq(symlink("file", link_path), 0);
	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
	witnesses_begin();
}

static void
teardown(void)
{
	witnesses_end();
	free(file);
	free(link_path);
	free(dir);
	free(none);
}

/* What was noted holds now; in the folder of the test all is settled. */
static bool
hold(void)
{
	cleanup_str struct str text = STR_INIT;

	ck_assert(witnesses_write(&text, tmpdir));
	return witnesses_hold(text.p);
}

static void
put(const char *path, const char *text)
{
	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
}

/* In place, the same size, the time put back: only the time of the change tells. */
static void
overwrite(const char *path)
{
	cleanup_close int fd = open(path, O_WRONLY);
	struct timespec times[2];
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	usleep(20000); /* more than the clock's grain, which the rule of two seconds is for */
	ck_assert_int_eq(write(fd, "TEXT", 4), 4);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	ck_assert_int_eq(futimens(fd, times), 0);
}

START_TEST(all_that_reads_is_seen)
{
	cleanup_str struct str text = STR_INIT, seen = STR_INIT;
	char hex[SHA256_HEX];

	ck_assert_int_eq(sha256_file(file, hex, NULL, NULL), 0);
	ck_assert(hold());
	overwrite(file);
	ck_assert(!hold());
	witnesses_begin();
	free(fs_identity(file));
	ck_assert(fs_exists(file));
	ck_assert(hold());
	put(file, "text");
	ck_assert(!hold());
	witnesses_begin();
	ck_assert_int_eq(fs_recall(file, 10, &text), 0);
	ck_assert(witnesses_write(&seen, tmpdir));
	ck_assert_uint_eq(seen.len, 0);
}
END_TEST

/* What is read as a text is read again: no time has to tell. */
START_TEST(texts)
{
	cleanup_str struct str text = STR_INIT, twice = STR_INIT, seen = STR_INIT;

	str_add(&text, "before ");
	ck_assert_int_eq(fs_read(file, 20, &text, NULL), 0);
	ck_assert_int_eq(text_file_read(file, 20, &twice, NULL), 0);
	ck_assert(witnesses_write(&seen, "/elsewhere")); /* young as it is */
	ck_assert(hold());
	ck_assert_int_eq(utimes(file, NULL), 0);
	put(file, "text");
	ck_assert(hold());
	put(file, "tex");
	ck_assert(!hold());
	put(file, "text\n");
	ck_assert(!hold());
	put(file, "tExt");
	ck_assert(!hold());
	witnesses_begin();
	ck_assert_int_eq(text_file_read(file, 20, &twice, NULL), 0);
	ck_assert(hold());
	overwrite(file);
	ck_assert(!hold());
	ck_assert_int_eq(unlink(file), 0);
	ck_assert(!hold());
	ck_assert_int_eq(mkfifo(file, 0600), 0); /* nobody waits for it */
	ck_assert(!hold());
	ck_assert_int_eq(unlink(file), 0);
	witnesses_begin();
	ck_assert_int_lt(text_file_read(file, 20, &twice, NULL), 0);
	ck_assert(hold());
	put(file, "");
	ck_assert(!hold());
	ck_assert_int_lt(fs_read(dir, 20, &text, NULL), 0);
	ck_assert(!witnesses_write(&seen, tmpdir)); /* it was not read in full */
}
END_TEST

/* The same memory pages, dirty before: on some file systems no time tells. */
START_TEST(written_through_a_mapping)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_close int fd = open(file, O_RDWR);
	char *map = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	ck_assert_ptr_ne(map, MAP_FAILED);
	map[0] = 't';
	ck_assert_int_eq(fs_read(file, 20, &text, NULL), 0);
	ck_assert(hold());
	map[0] = 'T';
	ck_assert(!hold());
	munmap(map, 4);
}
END_TEST

START_TEST(what_is_not_there)
{
	cleanup_str struct str text = STR_INIT;

	ck_assert(!fs_exists(none));
	ck_assert_int_lt(fs_read(none, 10, &text, NULL), 0);
	ck_assert_ptr_null(fs_which("none", tmpdir));
	ck_assert(hold());
	put(none, "");
	ck_assert(!hold());
}
END_TEST

/* Nothing to be seen, but not for the reason that there was. */
START_TEST(why_it_cannot_be_seen)
{
	ck_assert(!fs_exists(none));
	ck_assert_int_eq(symlink("none", none), 0);
	ck_assert(!hold()); /* it leads in a circle: an error, and no file that is missing */
	witnesses_begin();
	ck_assert(!fs_exists(none));
	ck_assert(hold());
	ck_assert_int_eq(unlink(none), 0);
	ck_assert(!hold());
}
END_TEST

START_TEST(folders_to_write_to)
{
	cleanup_str struct str text = STR_INIT;

	ck_assert_int_eq(witness_open_folder(dir), 0);
	ck_assert_int_lt(witness_open_folder(none), 0);
	ck_assert(witnesses_write(&text, "/elsewhere"));
	ck_assert_str_ne(str_text(&text), "");
	ck_assert(hold());
	ck_assert_int_eq(rmdir(dir), 0);
	ck_assert(!hold());
}
END_TEST

START_TEST(links)
{
	cleanup_free char *real = fs_real(link_path), *nowhere = fs_real(none);
	cleanup_free char *end = xasprintf("%s/file", dir);
	struct stat st;

	ck_assert_ptr_nonnull(real);
	ck_assert_ptr_null(nowhere);
	ck_assert_int_eq(lstat(link_path, &st), 0);
	witness_note(WITNESS_LINK, link_path, &st, time(NULL));
	ck_assert(hold());
	put(file, "other"); /* what it leads to is not read */
	ck_assert(hold());
	put(end, "text");
	ck_assert_int_eq(unlink(link_path), 0);
	ck_assert_int_eq(symlink("dir/file", link_path), 0);
	ck_assert(!hold());
	witnesses_begin();
	free(fs_real(link_path));
	ck_assert(hold());
	ck_assert_int_eq(unlink(end), 0);
	ck_assert(!hold());
	ck_assert_int_eq(symlink("../file", end), 0); /* the same link leads elsewhere */
	ck_assert(!hold());
}
END_TEST

START_TEST(places)
{
	cleanup_free char *inside = xasprintf("%s/inside", dir);
	struct stat st;

	ck_assert_int_eq(stat(dir, &st), 0);
	witness_note(WITNESS_PLACE, dir, &st, 0);
	put(inside, "");
	ck_assert(hold());
	ck_assert_int_eq(chmod(dir, 0700), 0);
	ck_assert(!hold());
	witnesses_begin();
	ck_assert_int_eq(witness_stat(dir, &st), 0);
	ck_assert(hold());
	ck_assert_int_eq(unlink(inside), 0);
	usleep(20000);
	put(inside, "");
	ck_assert(!hold());
}
END_TEST

/* How old it was when it was looked at counts, not how old it is when that is written. */
START_TEST(young_when_it_was_seen)
{
	cleanup_str struct str text = STR_INIT;
	struct stat st = { .st_mtime = 100, .st_ctime = 100 };

	st.st_mtim.tv_nsec = st.st_ctim.tv_nsec = 1;
	witness_note(WITNESS_FILE, "/file", &st, 103);
	ck_assert(witnesses_write(&text, "/elsewhere"));
	witness_note(WITNESS_FILE, "/file", &st, 102);
	ck_assert(!witnesses_write(&text, "/elsewhere"));
	ck_assert(witnesses_write(&text, "/"));
	witnesses_begin();
	witness_note(WITNESS_LINK, "/file", &st, 102);
	ck_assert(!witnesses_write(&text, "/elsewhere"));
	witnesses_begin();
	witness_note(WITNESS_PLACE, "/file", &st, 100);
	ck_assert(witnesses_write(&text, "/elsewhere"));
}
END_TEST

START_TEST(what_cannot_be_kept)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_free char *lines = xasprintf("%s/two\nlines", tmpdir);

	ck_assert(fs_exists(file));
	ck_assert(!witnesses_write(&text, "/elsewhere")); /* it was written just now */
	ck_assert(witnesses_write(&text, tmpdir));
	witnesses_spoil();
	ck_assert(!witnesses_write(&text, tmpdir));
	witnesses_begin();
	ck_assert(!fs_exists(lines));
	ck_assert(!witnesses_write(&text, tmpdir));
	witnesses_end();
	ck_assert(fs_exists(file));
	ck_assert(!witnesses_write(&text, tmpdir));
}
END_TEST

START_TEST(nonsense)
{
	static const char *const lines[] = { "x", "= \n", "=1:2:3:\n", "?1: /\n", ">x\n",
		">9:a b\n", ">1:/\n", ">99999999999999999999:/ /\n", "-: /\n", "-2: /\n", "-: /none\n", "\n",
		"=1: /none", "*\n", "*0:0: /none\n", "*ffffffffffffffff:0: /dev/null\n", "*x\n",
		"* /dev/null\n", "+ /none\n", "+:\n" };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		cleanup_free char *text = xstrdup(lines[i]);

		ck_assert_msg(!witnesses_hold(text), "%s", lines[i]);
	}
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("witness");

	tmpdir_use(c);
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, all_that_reads_is_seen);
	tcase_add_test(c, texts);
	tcase_add_test(c, written_through_a_mapping);
	tcase_add_test(c, what_is_not_there);
	tcase_add_test(c, why_it_cannot_be_seen);
	tcase_add_test(c, folders_to_write_to);
	tcase_add_test(c, links);
	tcase_add_test(c, places);
	tcase_add_test(c, young_when_it_was_seen);
	tcase_add_test(c, what_cannot_be_kept);
	tcase_add_test(c, nonsense);
	return unit_run("witness", c);
}

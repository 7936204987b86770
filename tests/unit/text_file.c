/* SPDX-License-Identifier: GPL-3.0-only */
/* What is no plain file is refused at once, and what is written back stays what it was. */
#include "base/text_file.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

/* The cause with which reading path fails. */
static char *
refused(const char *path, size_t limit)
{
	cleanup_str struct str out = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_lt(text_file_read(path, limit, &out, &err), 0);
	return xstrdup(err_msg(&err));
}

static void
refuses(const char *path, size_t limit, const char *cause)
{
	cleanup_free char *said = refused(path, limit);

	ck_assert_str_eq(said, cause);
}

START_TEST(reading)
{
	cleanup_free char *path = tmpdir_file("f", "12345", 5), *pipe = tmpdir_path("pipe");
	cleanup_free char *none = tmpdir_path("none");
	cleanup_str struct str out = STR_INIT;

	ck_assert_int_eq(mkfifo(pipe, 0644), 0);
	ck_assert_int_eq(text_file_read(path, 5, &out, NULL), 0);
	ck_assert_str_eq(str_text(&out), "12345");
	refuses(path, 4, "larger than 4 bytes");
	refuses("/dev/zero", 9, "it is no regular file");
	refuses(pipe, 9, "it is no regular file");
	refuses(tmpdir, 9, "Is a directory");
	refuses(none, 9, "No such file or directory");
}
END_TEST

START_TEST(a_large_one)
{
	cleanup_free char *path = tmpdir_file("f", "", 0);

	ck_assert_int_eq(truncate(path, (2 << 20) + 5), 0);
	refuses(path, (2 << 20) + 4, "larger than 2 MiB");
}
END_TEST

static char *
text_of(const char *path)
{
	struct str out = STR_INIT;

	ck_assert_int_eq(text_file_read(path, 100, &out, NULL), 0);
	return str_take(&out);
}

/* Through the link, with the mode, and nothing beside it. */
START_TEST(writing)
{
	cleanup_free char *path = tmpdir_file("f", "old", 3), *link = tmpdir_path("link");
	cleanup_free char *text = NULL;
	struct stat st;

	ck_assert_int_eq(symlink("f", link), 0);
	ck_assert_int_eq(chmod(path, 0640), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, 7, 8), 0);
	ck_assert_int_eq(text_file_write(link, "new", 3, NULL), 0);
	text = text_of(path);
	ck_assert_str_eq(text, "new");
	ck_assert_int_eq(lstat(link, &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	if (geteuid() == 0)
		ck_assert(st.st_uid == 7 && st.st_gid == 8);
}
END_TEST

START_TEST(a_new_one)
{
	cleanup_free char *path = tmpdir_path("new"), *text = NULL;

	ck_assert_int_eq(text_file_write(path, "x", 1, NULL), 0);
	text = text_of(path);
	ck_assert_str_eq(text, "x");
}
END_TEST

START_TEST(not_writable)
{
	cleanup_free char *path = tmpdir_file("f", "old", 3), *link = tmpdir_path("away");
	cleanup_free char *text = NULL;
	cleanup_err struct err err = ERR_INIT, dangling = ERR_INIT;

	ck_assert_int_eq(chmod(path, 0444), 0);
	ck_assert_int_lt(text_file_write(path, "new", 3, &err), 0);
	ck_assert_str_eq(err_msg(&err), "it is read-only (mode 0444): chmod u+w it first");
	text = text_of(path);
	ck_assert_str_eq(text, "old");
	ck_assert_int_eq(symlink("nowhere", link), 0);
	ck_assert_int_lt(text_file_write(link, "new", 3, &dangling), 0);
	ck_assert_str_eq(err_msg(&dangling), "No such file or directory");
}
END_TEST

START_TEST(no_room)
{
	cleanup_free char *path = tmpdir_file("f", "old", 3), *text = NULL;
	cleanup_free char *tmp = xasprintf("%s.tmp%ld", path, (long)getpid());
	struct rlimit limit = { 2, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_lt(text_file_write(path, "new", 3, NULL), 0);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	text = text_of(path);
	ck_assert_str_eq(text, "old");
	ck_assert(!fs_exists(tmp));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("text_file");

	tmpdir_use(t);
	tcase_add_test(t, reading);
	tcase_add_test(t, a_large_one);
	tcase_add_test(t, writing);
	tcase_add_test(t, a_new_one);
	tcase_add_test(t, not_writable);
	tcase_add_test(t, no_room);
	return unit_run("text_file", t);
}

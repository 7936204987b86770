/* SPDX-License-Identifier: GPL-3.0-only */
/* Files as they come: large, missing, linked, protected, and changed behind our back. */
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static void
ck_content(const char *path, const char *text, size_t n)
{
	cleanup_str struct str s = STR_INIT;

	ck_assert_int_eq(fs_read(path, 1 << 24, &s, NULL), 0);
	ck_assert_uint_eq(s.len, n);
	ck_assert(n == 0 || memcmp(s.p, text, n) == 0);
}

START_TEST(mkdirs)
{
	cleanup_free char *deep = tmpdir_path("m/a/b/c");
	cleanup_free char *file = tmpdir_file("m-file", "", 0);
	cleanup_free char *under = path_join(file, "x");
	cleanup_err struct err err = ERR_INIT, other = ERR_INIT;
	struct stat st;

	ck_assert_int_eq(fs_mkdirs(deep, 0755, NULL), 0);
	ck_assert_int_eq(fs_mkdirs(deep, 0755, NULL), 0);
	ck_assert_int_eq(stat(deep, &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	ck_assert_int_eq(fs_mkdirs(under, 0755, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "m-file"));
	ck_assert_int_eq(fs_mkdirs(file, 0755, &other), -1);
	ck_assert_int_eq(fs_mkdirs("", 0755, NULL), -1);
}
END_TEST

START_TEST(read_and_write)
{
	cleanup_free char *path = tmpdir_file("rw", "a\0b", 3);
	cleanup_str struct str s = STR_INIT;

	ck_content(path, "a\0b", 3);
	str_addf(&s, "%*s", 100000, "end");
	ck_assert_int_eq(fs_write(path, s.p, s.len, true, NULL), 0);
	ck_content(path, s.p, s.len);
	ck_assert_int_eq(fs_write(path, "", 0, false, NULL), 0);
	ck_content(path, "", 0);
}
END_TEST

START_TEST(read_limit)
{
	cleanup_free char *path = tmpdir_file("limit", "12345", 5);
	cleanup_str struct str s = STR_INIT, t = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(fs_read(path, 5, &s, &err), 0);
	ck_assert_int_eq(fs_read(path, 4, &t, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "limit"));
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "larger than 4 bytes"));
}
END_TEST

START_TEST(missing)
{
	cleanup_free char *path = tmpdir_path("none/file");
	cleanup_err struct err err = ERR_INIT, other = ERR_INIT;
	cleanup_str struct str s = STR_INIT;

	ck_assert(!fs_exists(path));
	ck_assert_int_eq(fs_read(path, 10, &s, &err), -1);
	ck_assert_int_eq(err.code, ENOENT);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), path));
	ck_assert_int_eq(fs_write(path, "x", 1, false, &other), -1);
	ck_assert_int_eq(other.code, ENOENT);
}
END_TEST

/* A write that fails leaves what was there, and nothing beside it. */
START_TEST(write_fails_whole)
{
	cleanup_free char *dir = tmpdir_path("whole");
	cleanup_free char *target = tmpdir_path("whole/target");
	cleanup_free char *inside = tmpdir_path("whole/target/inside");
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(fs_mkdirs(inside, 0755, NULL), 0);
	/* A folder that is not empty cannot be renamed over. */
	ck_assert_int_eq(fs_write(target, "x", 1, false, &err), -1);
	ck_assert(fs_exists(inside));
	ck_assert_int_eq(rmdir(inside), 0);
	ck_assert_int_eq(rmdir(target), 0);
	ck_assert_msg(rmdir(dir) == 0, "something was left in the folder");
}
END_TEST

START_TEST(copies)
{
	cleanup_free char *from = tmpdir_file("from", "some bytes", 10);
	cleanup_free char *to = tmpdir_file("to", "was longer than what comes", 26);
	cleanup_err struct err err = ERR_INIT;
	struct stat a, b;

	ck_assert_int_eq(fs_copy(from, to, 0640, NULL), 0);
	ck_content(to, "some bytes", 10);
	ck_assert_int_eq(stat(from, &a), 0);
	ck_assert_int_eq(stat(to, &b), 0);
	ck_assert_uint_ne(a.st_ino, b.st_ino);
	/* The source must not change with the copy. */
	ck_assert_int_eq(truncate(to, 0), 0);
	ck_content(from, "some bytes", 10);
	unlink(from);
	ck_assert_int_eq(fs_copy(from, to, 0640, &err), -1);
	ck_assert_int_eq(err.code, ENOENT);
}
END_TEST

START_TEST(copy_keeps_holes)
{
	cleanup_free char *from = tmpdir_file("sparse", "", 0);
	cleanup_free char *to = xasprintf("%s.copy", from);
	cleanup_close int fd = open(from, O_RDWR | O_CLOEXEC);
	struct stat st;
	char end[4] = "";

	ck_assert_int_eq(pwrite(fd, "mid", 3, 8 << 20), 3);
	ck_assert_int_eq(ftruncate(fd, 16 << 20), 0);
	ck_assert_int_eq(fs_copy(from, to, 0644, NULL), 0);
	ck_assert_int_eq(stat(to, &st), 0);
	ck_assert_int_eq(st.st_size, 16 << 20);
	ck_assert_int_lt(st.st_blocks * 512, 1 << 20);
	close(fd);
	fd = open(to, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(pread(fd, end, 3, 8 << 20), 3);
	ck_assert_str_eq(end, "mid");
}
END_TEST

/* What copy_file_range cannot do: pipes, and files of /proc, which say they are empty. */
START_TEST(copy_of_a_stream)
{
	cleanup_free char *to = tmpdir_path("stream");
	cleanup_close int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	int ends[2];

	ck_assert_int_ge(out, 0);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(fs_write_all(ends[1], "from a pipe", 11, NULL), 0);
	close(ends[1]);
	ck_assert_int_eq(fs_copy_fd(ends[0], out, NULL), 0);
	close(ends[0]);
	ck_content(to, "from a pipe", 11);
	ck_assert_int_eq(fs_copy("/proc/self/stat", to, 0644, NULL), 0);
	ck_assert_int_gt((int)lseek(out, 0, SEEK_END), 10);
}
END_TEST

START_TEST(removes_trees)
{
	cleanup_free char *top = tmpdir_path("gone");
	cleanup_free char *locked = tmpdir_path("gone/a/locked");
	cleanup_free char *file = NULL, *link = tmpdir_path("gone/link");
	cleanup_free char *kept = tmpdir_file("kept", "x", 1);

	ck_assert_int_eq(fs_mkdirs(locked, 0755, NULL), 0);
	file = tmpdir_file("gone/a/locked/file", "x", 1);
	ck_assert_int_eq(symlink(tmpdir, link), 0);
	ck_assert_int_eq(chmod(locked, 0), 0);
	ck_assert_int_eq(fs_remove(top, NULL), 0);
	ck_assert(!fs_exists(top));
	ck_assert_msg(fs_exists(kept), "a symbolic link was followed");
	ck_assert_int_eq(fs_remove(top, NULL), 0);
	ck_assert_int_eq(fs_remove(kept, NULL), 0);
	ck_assert(!fs_exists(kept));
}
END_TEST

START_TEST(empties)
{
	cleanup_free char *dir = tmpdir_path("full"), *keep = path_join(dir, "keep/inner");
	cleanup_free char *deep = path_join(dir, "a/b/c"), *kept = path_join(dir, "keep");
	cleanup_free char *file = path_join(dir, "a/b/file"), *top = path_join(dir, "a");

	ck_assert_int_eq(fs_mkdirs(deep, 0755, NULL), 0);
	ck_assert_int_eq(fs_mkdirs(keep, 0755, NULL), 0);
	ck_assert_int_eq(fs_write(file, "x", 1, false, NULL), 0);
	fs_empty(dir, "keep");
	ck_assert(!fs_exists(top));
	ck_assert(fs_exists(keep));
	fs_empty(kept, NULL);
	ck_assert(!fs_exists(keep));
	ck_assert(fs_exists(kept));
	fs_empty(dir, NULL);
	ck_assert(!fs_exists(kept));
	ck_assert(fs_exists(dir));
	fs_empty(keep, NULL); /* absent is fine */
}
END_TEST

START_TEST(identity)
{
	cleanup_free char *path = tmpdir_file("id", "one", 3);
	cleanup_free char *a = fs_identity(path), *b = fs_identity(path);
	cleanup_free char *c = NULL, *d = NULL, *e = NULL;

	ck_assert_str_eq(a, b);
	ck_assert_int_eq(chmod(path, 0600), 0);
	c = fs_identity(path);
	ck_assert_str_ne(a, c);
	/* Same size, same name, other file. */
	ck_assert_int_eq(fs_write(path, "two", 3, false, NULL), 0);
	d = fs_identity(path);
	ck_assert_str_ne(a, d);
	unlink(path);
	e = fs_identity(path);
	ck_assert_str_eq(e, "absent");
}
END_TEST

/* Seconds of the file's last change and of the look; fractions make a clock finer. */
START_TEST(settled)
{
	static const struct {
		time_t modified, changed, looked;
		long fraction;
		bool settled;
	} t[] = {
		{ 100, 100, 103, 1, true },
		{ 100, 100, 102, 1, false },
		{ 100, 100, 100, 1, false },
		{ 100, 101, 103, 1, false },
		{ 101, 100, 103, 1, false },
		{ 1, 100, 103, 1, true },
		{ 100, 100, 103, 0, false },
		{ 100, 100, 104, 0, false },
		{ 100, 100, 105, 0, true },
		{ 100, 100, 50, 1, false }, /* times to come */
		{ 1000000, 100, 200, 1, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct stat st = { .st_mtime = t[i].modified, .st_ctime = t[i].changed };

		st.st_mtim.tv_nsec = t[i].fraction;
		ck_assert_msg(fs_is_settled(&st, t[i].looked) == t[i].settled, "%zu", i);
	}
}
END_TEST

START_TEST(which)
{
	cleanup_free char *dir = tmpdir_path("bin/tool");
	cleanup_free char *plain = NULL, *real = NULL, *list = NULL, *found = NULL;

	/* bin/tool is a folder, bin2/tool no program, bin3/tool the one. */
	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
	for (int i = 2; i <= 3; i++) {
		cleanup_free char *name = xasprintf("%s/bin%d", tmpdir, i);

		ck_assert_int_eq(fs_mkdirs(name, 0755, NULL), 0);
	}
	plain = tmpdir_file("bin2/tool", "", 0);
	real = tmpdir_file("bin3/tool", "", 0);
	ck_assert_int_eq(chmod(plain, 0644), 0);
	ck_assert_int_eq(chmod(real, 0755), 0);
	list = xasprintf("%s/bin:%s/bin2:/none:%s/bin3", tmpdir, tmpdir, tmpdir);
	found = fs_which("tool", list);
	ck_assert_ptr_nonnull(found);
	ck_assert_str_eq(found, real);
	ck_assert_ptr_null(fs_which("tool", "/none"));
	ck_assert_ptr_null(fs_which("tool", ""));
	ck_assert_ptr_null(fs_which("tool", NULL));
	ck_assert_ptr_null(fs_which(plain, list));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("fs");

	tmpdir_use(c);
	tcase_add_test(c, mkdirs);
	tcase_add_test(c, read_and_write);
	tcase_add_test(c, read_limit);
	tcase_add_test(c, missing);
	tcase_add_test(c, write_fails_whole);
	tcase_add_test(c, copies);
	tcase_add_test(c, copy_keeps_holes);
	tcase_add_test(c, copy_of_a_stream);
	tcase_add_test(c, removes_trees);
	tcase_add_test(c, empties);
	tcase_add_test(c, identity);
	tcase_add_test(c, settled);
	tcase_add_test(c, which);
	return unit_run("fs", c);
}

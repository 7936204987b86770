/* SPDX-License-Identifier: GPL-3.0-only */
/* A folder is in one place at a time, and no crash loses it. */
#include "store/scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

#define HEX "0123456789abcdef0123456789abcdef"

static struct store s;
static char *dir, *into, *home, *away, *lock;

static void
setup(void)
{
	dir = tmpdir_path("scratch-store");
	fs_remove(dir, NULL);
	ck_assert_int_eq(store_open(&s, dir, NULL), 0);
	into = xasprintf("%s/0.scratch", s.tmp);
	ck_assert_int_eq(mkdir(into, 0755), 0);
	home = xasprintf("%s/scratch/" HEX, dir);
	away = path_join(into, HEX);
	lock = xasprintf("%s.lock", home);
}

static void
teardown(void)
{
	store_close(&s);
	free(dir);
	free(into);
	free(home);
	free(away);
	free(lock);
}

static int
lend(void)
{
	cleanup_err struct err err = ERR_INIT;
	int fd = scratch_lend(&s, HEX, into, &err);

	ck_assert_msg(!err.msg, "%s", err_msg(&err));
	return fd;
}

static void
leave(const char *name)
{
	cleanup_free char *path = path_join(away, name);

	ck_assert_int_eq(fs_write(path, "x", 1, false, NULL), 0);
}

START_TEST(there_and_back)
{
	int fd = lend();

	ck_assert_int_ge(fd, 0);
	ck_assert(fs_exists(away) && !fs_exists(home));
	ck_assert_int_eq(lend(), -1);
	leave("file");
	scratch_return(&s, HEX, into, fd);
	ck_assert(!fs_exists(away) && fs_exists(home));
	fd = lend();
	ck_assert_int_ge(fd, 0);
	ck_assert(!fs_exists(home));
	ck_assert_int_eq(rmdir(away), -1);
	scratch_return(&s, HEX, into, fd);
}
END_TEST

/* A link would lead a stage outside of a sandbox anywhere. */
START_TEST(only_a_folder_comes_back)
{
	int fd = lend();

	ck_assert_int_eq(rmdir(away), 0);
	ck_assert_int_eq(symlink("/etc", away), 0);
	scratch_return(&s, HEX, into, fd);
	ck_assert(access(home, F_OK) < 0 && access(away, F_OK) < 0);
	fd = lend();
	ck_assert_int_eq(rmdir(away), 0);
	scratch_return(&s, HEX, into, fd);
	ck_assert(!fs_exists(home));
	ck_assert_int_lt(scratch_lend(&s, HEX, "/none", NULL), 0);
	ck_assert_int_ge(lend(), 0);
}
END_TEST

/* A process that is killed while it has the folder. */
START_TEST(killed)
{
	struct store next;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (store_open(&next, dir, NULL) < 0)
			_exit(1);
		free(into);
		into = xasprintf("%s/1.scratch", next.tmp);
		away = path_join(into, HEX);
		mkdir(into, 0755);
		lend();
		leave("file");
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	ck_assert(WIFSIGNALED(status));
	ck_assert(!fs_exists(home));
	ck_assert_int_eq(store_open(&next, dir, NULL), 0);
	ck_assert(fs_exists(home));
	lend();
	ck_assert_int_eq(rmdir(away), -1);
	store_close(&next);
}
END_TEST

/* Somebody made another before it was found. */
START_TEST(killed_and_made_anew)
{
	cleanup_free char *left = xasprintf("%s/tmp/1.0/2.scratch/" HEX, dir);
	cleanup_free char *mine = xasprintf("%s/mine", home);
	struct store next;

	ck_assert_int_eq(fs_mkdirs(left, 0755, NULL), 0);
	ck_assert_int_eq(fs_mkdirs(mine, 0755, NULL), 0);
	ck_assert_int_eq(store_open(&next, dir, NULL), 0);
	ck_assert(fs_exists(mine));
	ck_assert(!fs_exists(left));
	store_close(&next);
}
END_TEST

/* What a process had that died, with a file of that name in it; the caller frees. */
static char *
left_behind(const char *name)
{
	char *left = xasprintf("%s/tmp/1.0/2.scratch/" HEX, dir);
	cleanup_free char *file = path_join(left, name);

	ck_assert_int_eq(fs_mkdirs(left, 0755, NULL), 0);
	ck_assert_int_eq(fs_write(file, "x", 1, false, NULL), 0);
	return left;
}

static bool
has(const char *folder, const char *name)
{
	cleanup_free char *path = path_join(folder, name);

	return fs_exists(path);
}

/* Who asks before anybody clears up gets it all the same. */
START_TEST(taken_over_from_the_dead)
{
	cleanup_free char *left = left_behind("theirs");
	int fd = lend();

	ck_assert(has(away, "theirs"));
	ck_assert(!fs_exists(left));
	scratch_return(&s, HEX, into, fd);
	ck_assert(has(home, "theirs"));
}
END_TEST

/* The folder of one that lives is what counts, wherever others are. */
START_TEST(the_living_one_counts)
{
	cleanup_free char *left = NULL, *other = xasprintf("%s/other", home);
	int fd = lend();
	struct store next;

	leave("mine");
	left = left_behind("theirs");
	ck_assert_int_eq(store_open(&next, dir, NULL), 0);
	ck_assert(!fs_exists(home) && !fs_exists(left));
	store_close(&next);
	ck_assert_int_eq(fs_mkdirs(other, 0755, NULL), 0);
	scratch_return(&s, HEX, into, fd);
	ck_assert(has(home, "mine") && !fs_exists(other));
}
END_TEST

/* It stays where it is until there is a place for it. */
START_TEST(no_way_back)
{
	cleanup_free char *left = left_behind("theirs"), *scratch = store_path(&s, "scratch");
	struct store next;

	ck_assert_int_eq(rmdir(scratch), 0);
	ck_assert_int_eq(symlink("none", scratch), 0);
	ck_assert_int_eq(store_open(&next, dir, NULL), 0);
	ck_assert(has(left, "theirs"));
	store_close(&next);
	ck_assert_int_eq(unlink(scratch), 0);
	ck_assert_int_eq(store_open(&next, dir, NULL), 0);
	ck_assert(has(home, "theirs") && !fs_exists(left));
	store_close(&next);
}
END_TEST

START_TEST(forgets)
{
	struct timespec old[] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	int fd = lend();

	leave("file");
	scratch_return(&s, HEX, into, fd);
	scratch_forget(&s, 2000);
	ck_assert(fs_exists(home));
	ck_assert_int_eq(utimensat(AT_FDCWD, lock, old, 0), 0);
	scratch_forget(&s, 1000);
	ck_assert(fs_exists(home));
	scratch_forget(&s, 1001);
	ck_assert(!fs_exists(home) && !fs_exists(lock));
}
END_TEST

START_TEST(names)
{
	ck_assert(scratch_valid(HEX));
	ck_assert(!scratch_valid(""));
	ck_assert(!scratch_valid("../../../../../../../../../../etc"));
	ck_assert(!scratch_valid(HEX "0"));
	ck_assert(!scratch_valid("0123456789ABCDEF0123456789abcdef"));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("scratch");

	tmpdir_use(c);
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, there_and_back);
	tcase_add_test(c, only_a_folder_comes_back);
	tcase_add_test(c, killed);
	tcase_add_test(c, killed_and_made_anew);
	tcase_add_test(c, taken_over_from_the_dead);
	tcase_add_test(c, the_living_one_counts);
	tcase_add_test(c, no_way_back);
	tcase_add_test(c, forgets);
	tcase_add_test(c, names);
	return unit_run("scratch", c);
}

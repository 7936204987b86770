/* SPDX-License-Identifier: GPL-3.0-only */
/* One process has it, nobody else; and it ends with the process. */
#include "store/claim.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct store s;
static char key[SHA256_HEX];

static void
setup(void)
{
	cleanup_free char *dir = tmpdir_path("claim");
	cleanup_err struct err err = ERR_INIT;

	fs_remove(dir, NULL);
	ck_assert_msg(store_open(&s, dir, &err) == 0, "%s", err_msg(&err));
	memset(key, 'a', SHA256_HEX - 1);
}

static void
teardown(void)
{
	store_close(&s);
}

static int
seize(void)
{
	cleanup_err struct err err = ERR_INIT;
	int fd = claim_take(&s, key, &err);

	ck_assert_msg(!err.msg, "%s", err_msg(&err));
	return fd;
}

START_TEST(one_has_it)
{
	int fd = seize();

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(seize(), -1);
	claim_give(key, fd);
	fd = seize();
	ck_assert_int_ge(fd, 0);
	claim_give(key, fd);
	claim_give(key, -1);
}
END_TEST

/* A process that takes it, says so, and lives until it is killed. */
static pid_t
holder(void)
{
	int ready[2];
	pid_t pid;
	char c = 0;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		c = claim_take(&s, key, NULL) >= 0;
		(void)!write(ready[1], &c, 1);
		pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	ck_assert_int_eq(c, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

START_TEST(ends_with_its_process)
{
	pid_t pid = holder();

	ck_assert_int_eq(seize(), -1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_ge(seize(), 0);
}
END_TEST

/* Who is forked while it is held keeps it open, but does not hold it. */
START_TEST(is_given_for_all)
{
	char other[SHA256_HEX];
	int fd = seize(), second;
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	memset(other, 'b', SHA256_HEX - 1);
	other[SHA256_HEX - 1] = '\0';
	second = claim_take(&s, other, NULL);
	ck_assert_int_ge(second, 0);
	ck_assert_int_eq(seize(), -1);
	claim_give(key, fd);
	fd = seize();
	ck_assert_int_ge(fd, 0);
	claim_give(key, fd);
	claim_give(other, second);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
END_TEST

/* Many processes that take and give: never two at once. */
START_TEST(never_two)
{
	cleanup_free char *inside = tmpdir_path("inside");
	int status, bad = 0;

	for (int i = 0; i < 4; i++) {
		if (fork())
			continue;
		for (int n = 0; n < 500; n++) {
			int fd = claim_take(&s, key, NULL);

			if (fd < 0)
				continue;
			if (mkdir(inside, 0700) < 0 || rmdir(inside) < 0)
				_exit(1);
			claim_give(key, fd);
		}
		_exit(0);
	}
	while (wait(&status) > 0)
		bad += status != 0;
	ck_assert_int_eq(bad, 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("claim");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, one_has_it);
	tcase_add_test(t, ends_with_its_process);
	tcase_add_test(t, is_given_for_all);
	tcase_add_test(t, never_two);
	return unit_run("claim", t);
}

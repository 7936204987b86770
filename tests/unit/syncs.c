/* SPDX-License-Identifier: GPL-3.0-only */
/* Each is waited for once, and each failure is told of the file that it is of. */
#include "base/syncs.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

/* Names of files that are there, some of them twice, and of some that are not. */
static void
mixed(size_t n)
{
	cleanup_syncs struct syncs s = SYNCS_INIT;

	for (size_t i = 0; i < n; i++) {
		cleanup_free char *name = xasprintf("s%zu", i), *path = tmpdir_path(name);

		if (i % 3)
			free(tmpdir_file(name, "x", 1));
		syncs_add(&s, path);
		syncs_add(&s, path);
	}
	syncs_add(&s, tmpdir);
	ck_assert_uint_eq(s.list.len, n + 1);
	syncs_wait(&s);
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *name = xasprintf("s%zu", i), *path = tmpdir_path(name);

		ck_assert_int_eq(syncs_code(&s, path), i % 3 ? 0 : ENOENT);
	}
	ck_assert_int_eq(syncs_code(&s, tmpdir), 0);
	ck_assert_int_eq(syncs_code(&s, "never added"), 0);
}

START_TEST(every_number_of_them)
{
	cleanup_syncs struct syncs none = SYNCS_INIT;

	syncs_wait(&none);
	mixed(1);
	mixed(2);
	mixed(5);
	mixed(200);
}
END_TEST

/* What cannot be synced says so: a pipe of the file system has nothing to write. */
START_TEST(what_has_no_disk)
{
	cleanup_syncs struct syncs s = SYNCS_INIT;

	syncs_add(&s, "/dev/null");
	syncs_add(&s, tmpdir);
	syncs_wait(&s);
	ck_assert_int_eq(syncs_code(&s, "/dev/null"), EINVAL);
	ck_assert_int_eq(syncs_code(&s, tmpdir), 0);
}
END_TEST

/* Nobody counts on threads: a user may have as many processes as are allowed already. */
START_TEST(without_threads)
{
	struct rlimit none = { 0, 0 };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (setrlimit(RLIMIT_NPROC, &none) < 0 || (geteuid() == 0 && setuid(65534) < 0))
			_exit(1);
		cleanup_syncs struct syncs s = SYNCS_INIT;

		for (int i = 0; i < 8; i++) {
			cleanup_free char *path = xasprintf("/dev/null%.*s", i, "////////");

			syncs_add(&s, path);
		}
		syncs_wait(&s);
		for (size_t i = 0; i < s.list.len; i++)
			if (!s.list.v[i].code)
				_exit(2);
		_exit(s.list.len == 8 ? 0 : 3);
	}
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("syncs");

	tmpdir_use(tests);
	tcase_add_test(tests, every_number_of_them);
	tcase_add_test(tests, what_has_no_disk);
	tcase_add_test(tests, without_threads);
	return unit_run("syncs", tests);
}

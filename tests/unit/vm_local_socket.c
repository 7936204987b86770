/* SPDX-License-Identifier: GPL-3.0-only */
/* Sockets under long names, and what stands in their place. */
#include "vm/local_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

START_TEST(a_long_name)
{
	char part[201];
	cleanup_free char *dir = NULL, *path = NULL;
	struct stat st;
	int listener, one, two;
	char c = 'x';

	memset(part, 'p', 200);
	part[200] = '\0';
	dir = tmpdir_path(part);
	path = path_join(dir, "s.sock");
	ck_assert_int_eq(fs_mkdirs(dir, 0700, NULL), 0);
	listener = local_socket_listen(path);
	ck_assert_int_ge(listener, 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	one = local_socket_connect(path);
	ck_assert_int_ge(one, 0);
	two = accept(listener, NULL, NULL);
	ck_assert_int_eq(write(one, &c, 1), 1);
	ck_assert_int_eq(read(two, &c, 1), 1);
	close(one);
	close(two);
	close(listener);
	ck_assert_int_lt(local_socket_connect(path), 0);
	ck_assert_int_eq(errno, ECONNREFUSED);
	listener = local_socket_listen(path); /* one that a dead process left */
	ck_assert_int_ge(listener, 0);
	close(listener);
}
END_TEST

START_TEST(here)
{
	int listener;

	ck_assert_int_eq(chdir(tmpdir), 0);
	listener = local_socket_listen("s.sock");
	ck_assert_int_ge(listener, 0);
	close(local_socket_connect("s.sock"));
	close(local_socket_connect("./s.sock"));
	close(listener);
}
END_TEST

START_TEST(what_is_none)
{
	cleanup_free char *file = tmpdir_file("file", "text", 4), *none = tmpdir_path("none");
	cleanup_free char *deep = tmpdir_path("none/deep"), *folder = tmpdir_path("");

	ck_assert_int_lt(local_socket_connect(none), 0);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_lt(local_socket_connect(deep), 0);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_lt(local_socket_connect(file), 0);
	ck_assert_int_eq(errno, ENOTSOCK);
	ck_assert_int_lt(local_socket_connect(folder), 0);
	ck_assert_int_lt(local_socket_listen(file), 0); /* somebody's file is not removed */
	ck_assert_int_eq(errno, ENOTSOCK);
	ck_assert(fs_exists(file));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("local_socket");

	tmpdir_use(t);
	tcase_add_test(t, a_long_name);
	tcase_add_test(t, here);
	tcase_add_test(t, what_is_none);
	return unit_run("vm_local_socket", t);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Names, the lock that says whether a VM lives, and states of those that do not. */
#include "vm/folder.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

/* A VM of this name with this state.json. */
static void
make(const char *name, const char *state)
{
	cleanup_free char *folder = vm_path(tmpdir, name, NULL);
	cleanup_free char *config = path_join(name, "vm.json"), *file = path_join(name, "state.json");

	ck_assert_int_eq(fs_mkdirs(folder, 0700, NULL), 0);
	free(tmpdir_file(config, "{}", 2));
	if (state)
		free(tmpdir_file(file, state, strlen(state)));
}

/* A process that holds it until it is killed. */
static pid_t
hold_elsewhere(const char *name)
{
	cleanup_free char *folder = vm_path(tmpdir, name, NULL);
	int pair[2];
	char c;
	pid_t pid;

	ck_assert_int_eq(pipe(pair), 0);
	pid = fork();
	if (pid == 0) {
		c = vm_hold(folder, NULL) >= 0 ? 'y' : 'n';
		if (write(pair[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	close(pair[1]);
	ck_assert_int_eq(read(pair[0], &c, 1), 1);
	ck_assert_int_eq(c, 'y');
	close(pair[0]);
	return pid;
}

static void
has(const char *name, const char *key, const char *value)
{
	json_t *state = vm_state(tmpdir, name);
	const char *text = json_string_value(json_object_get(state, key));

	ck_assert_pstr_eq(text, value);
	json_decref(state);
}

START_TEST(names)
{
	static const char *const good[] = { "a", "web-1", "A.b_c", "9" };
	static const char *const bad[] = { "", ".", "..", ".a", "-a", "a/b", "a b", "a\n", "\xc3\xa9",
		"0123456789012345678901234567890123456789012345678901234567890123x" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(vm_name_ok(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!vm_name_ok(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(places)
{
	cleanup_free char *a = NULL, *b = NULL, *c = NULL, *d = NULL;

	setenv("HOME", "/home/x", 1);
	unsetenv("MSMV_VM_DIR");
	unsetenv("XDG_STATE_HOME");
	a = vm_root();
	ck_assert_str_eq(a, "/home/x/.local/state/msmv/vm");
	setenv("XDG_STATE_HOME", "/state", 1);
	b = vm_root();
	ck_assert_str_eq(b, "/state/msmv/vm");
	setenv("XDG_STATE_HOME", "state", 1); /* such a one is to be ignored */
	d = vm_root();
	ck_assert_str_eq(d, "/home/x/.local/state/msmv/vm");
	setenv("MSMV_VM_DIR", "/here", 1);
	c = vm_root();
	ck_assert_str_eq(c, "/here");
	unsetenv("MSMV_VM_DIR");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	ck_assert_ptr_null(vm_root());
}
END_TEST

START_TEST(list_of_all)
{
	struct vm_names list;
	cleanup_free char *stray = tmpdir_path("stray");

	make("b", NULL);
	make("a", NULL);
	fs_mkdirs(stray, 0700, NULL);
	ck_assert_int_eq(vm_names(tmpdir, &list, NULL), 0);
	ck_assert_uint_ge(list.len, 2);
	ck_assert_str_eq(list.v[0], "a");
	ck_assert_str_eq(list.v[1], "b");
	for (size_t i = 0; i < list.len; i++)
		ck_assert_str_ne(list.v[i], "stray");
	vm_names_release(&list);
	ck_assert(vm_exists(tmpdir, "a"));
	ck_assert(!vm_exists(tmpdir, "stray"));
	ck_assert(!vm_exists(tmpdir, "../a"));
}
END_TEST

START_TEST(lock)
{
	cleanup_free char *folder = vm_path(tmpdir, "held", NULL);
	cleanup_err struct err err = ERR_INIT;
	pid_t pid;
	int fd;

	make("held", "{\"state\": \"ready\", \"supervisor\": 1, \"qemu\": 1}");
	ck_assert(!vm_held(tmpdir, "held"));
	pid = hold_elsewhere("held");
	ck_assert(vm_held(tmpdir, "held"));
	has("held", "state", "ready");
	ck_assert_int_lt(vm_hold(folder, &err), 0);
	ck_assert_str_eq(err_msg(&err), "it runs already");
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert(!vm_held(tmpdir, "held"));
	has("held", "state", "dead"); /* although process 1, which the file names, lives */
	has("held", "why", "its end was not recorded: its supervisor was killed, or the disk is full");
	fd = vm_hold(folder, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

/* As from msmv vm start to a supervisor: no moment without a holder. */
START_TEST(lock_of_two_processes)
{
	cleanup_free char *folder = vm_path(tmpdir, "given", NULL);
	cleanup_err struct err err = ERR_INIT;
	int fd, other;
	pid_t pid;

	make("given", NULL);
	fd = vm_hold(folder, NULL);
	ck_assert_int_ge(fd, 0);
	pid = fork();
	if (pid == 0) {
		if (vm_hold_on(folder, fd, NULL) == 0)
			pause();
		_exit(1);
	}
	close(fd);
	ck_assert(vm_held(tmpdir, "given"));
	other = open(folder, O_RDONLY | O_CLOEXEC);
	ck_assert_int_lt(vm_hold_on(folder, other, &err), 0);
	close(other);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert(!vm_held(tmpdir, "given"));
}
END_TEST

START_TEST(only_ones_own)
{
	cleanup_free char *folder = vm_path(tmpdir, "open", NULL);
	cleanup_err struct err err = ERR_INIT;

	make("open", NULL);
	ck_assert_int_eq(chmod(folder, 0777), 0);
	ck_assert_int_lt(vm_hold(folder, &err), 0);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "can be written to by others"));
}
END_TEST

START_TEST(left_over)
{
	cleanup_free char *half = vm_path(tmpdir, "half", NULL);
	cleanup_free char *own = vm_path(tmpdir, "own", NULL);
	int fd;

	fs_mkdirs(own, 0700, NULL);
	free(tmpdir_file("own/out", "x", 1));
	ck_assert(!vm_is_left_over(own));
	free(tmpdir_file("own/lock", "mine", 4));
	ck_assert(!vm_is_left_over(own)); /* a file of that name is no mark */
	ck_assert(!vm_is_there(tmpdir, "own"));

	fs_mkdirs(half, 0700, NULL);
	fd = vm_hold(half, NULL);
	ck_assert_int_ge(fd, 0);
	free(tmpdir_file("half/disk.raw", "x", 1));
	ck_assert(vm_is_left_over(half));
	ck_assert(!vm_exists(tmpdir, "half"));
	ck_assert(vm_is_there(tmpdir, "half"));
	has("half", "state", "starting");
	has("half", "why", "it is being made");
	free(tmpdir_file("half/thesis.txt", "x", 1));
	ck_assert(!vm_is_left_over(half));
	ck_assert_int_eq(vm_delete(tmpdir, "half", NULL), 0);
	ck_assert(!fs_exists(half));
	ck_assert_int_lt(vm_hold_on(half, fd, NULL), 0);
	close(fd);
}
END_TEST

START_TEST(a_root_that_is_none)
{
	cleanup_free char *file = tmpdir_file("file", "x", 1);
	cleanup_free char *none = tmpdir_path("none");
	cleanup_err struct err err = ERR_INIT;
	struct vm_names list;

	ck_assert_int_eq(vm_names(none, &list, NULL), 0);
	ck_assert_uint_eq(list.len, 0);
	ck_assert_int_lt(vm_names(file, &list, &err), 0);
}
END_TEST

START_TEST(states_of_the_past)
{
	make("new", NULL);
	has("new", "state", "created");
	make("off", "{\"state\": \"stopped\", \"why\": \"the guest powered off\"}");
	has("off", "state", "stopped");
	has("off", "why", "the guest powered off");
	make("boot", "{\"state\": \"running\", \"boot_id\": \"another\"}");
	has("boot", "state", "dead");
	has("boot", "why", "this host was started anew while it ran");
	make("broken", "{\"state\": ");
	has("broken", "state", "created");
	make("array", "[]");
	has("array", "state", "created");
}
END_TEST

START_TEST(files)
{
	cleanup_free char *folder = vm_path(tmpdir, "files", NULL);
	json_t *o;

	make("files", NULL);
	ck_assert_int_eq(vm_write(folder, "x.json", json_pack("{s:i}", "n", 7), NULL), 0);
	o = vm_read(tmpdir, "files", "x.json");
	ck_assert_int_eq(json_integer_value(json_object_get(o, "n")), 7);
	json_decref(o);
	ck_assert_ptr_null(vm_read(tmpdir, "files", "none.json"));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("folder");

	tmpdir_use(t);
	tcase_add_test(t, names);
	tcase_add_test(t, places);
	tcase_add_test(t, list_of_all);
	tcase_add_test(t, lock);
	tcase_add_test(t, lock_of_two_processes);
	tcase_add_test(t, only_ones_own);
	tcase_add_test(t, left_over);
	tcase_add_test(t, a_root_that_is_none);
	tcase_add_test(t, states_of_the_past);
	tcase_add_test(t, files);
	return unit_run("vm_folder", t);
}

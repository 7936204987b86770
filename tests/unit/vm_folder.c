/* SPDX-License-Identifier: GPL-3.0-only */
/* Names, the lock that says whether a VM lives, and states of those that do not. */
#include "vm/folder.h"

#include <signal.h>
#include <string.h>
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
	cleanup_free char *a = NULL, *b = NULL, *c = NULL;

	setenv("HOME", "/home/x", 1);
	unsetenv("MSMV_VM_DIR");
	unsetenv("XDG_STATE_HOME");
	a = vm_root();
	ck_assert_str_eq(a, "/home/x/.local/state/msmv/vm");
	setenv("XDG_STATE_HOME", "/state", 1);
	b = vm_root();
	ck_assert_str_eq(b, "/state/msmv/vm");
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
	vm_names(tmpdir, &list);
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
	ck_assert_int_eq(vm_holder(tmpdir, "held"), 0);
	pid = hold_elsewhere("held");
	ck_assert_int_eq(vm_holder(tmpdir, "held"), pid);
	has("held", "state", "ready");
	ck_assert_int_lt(vm_hold(folder, &err), 0);
	ck_assert_str_eq(err_msg(&err), "it runs already");
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(vm_holder(tmpdir, "held"), 0);
	has("held", "state", "dead"); /* although process 1, which the file names, lives */
	has("held", "why", "its supervisor was killed, and QEMU with it");
	fd = vm_hold(folder, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
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
	tcase_add_test(t, states_of_the_past);
	tcase_add_test(t, files);
	return unit_run("vm_folder", t);
}

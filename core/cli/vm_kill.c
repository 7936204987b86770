/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm kill: the end of a VM however it and its supervisor are. Whom a signal goes to is
 * not read in a file: it is who has the VM's lock open, which the kernel knows.
 */
#include "cli/vm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/json.h"
#include "vm/folder.h"

/* QEMU gets 2 s to end in order. */
enum { CONNECT_MS = 2000, ANSWER_MS = 5000 };

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether this process, "123", has the file open. */
static bool
has_open(const char *process, const struct stat *file)
{
	cleanup_free char *path = xasprintf("/proc/%s/fd", process);
	DIR *dir = opendir(path);
	struct dirent *e;
	struct stat st;
	bool found = false;

	while (dir && !found && (e = readdir(dir)))
		found = e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st, 0) == 0 &&
			same_file(&st, file);
	if (dir)
		closedir(dir);
	return found;
}

/* This program: an msmv that makes, starts or deletes the VM just now. */
static bool
is_msmv(const char *process)
{
	cleanup_free char *path = xasprintf("/proc/%s/exe", process);
	struct stat own, its;

	return stat("/proc/self/exe", &own) == 0 && stat(path, &its) == 0 && same_file(&own, &its);
}

/* The handle is there before the question, so that it cannot come to mean another. */
static int
kill_if_holder(const char *process, const struct stat *lock, struct err *err)
{
	cleanup_close int handle = (int)syscall(SYS_pidfd_open, atoi(process), 0);

	if (handle < 0 && errno != ESRCH)
		return err_errno(err, "get hold of process %s", process);
	if (handle < 0 || !has_open(process, lock))
		return 0;
	if (is_msmv(process))
		return err_set(err, "another msmv, process %s, makes or deletes it just now", process);
	if (syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		return err_errno(err, "end process %s", process);
	return 1;
}

/* How many there were; -1 with err. */
static int
kill_holders(const struct vm *vm, struct err *err)
{
	cleanup_free char *path = vm_path(vm->root, vm->name, "lock");
	DIR *dir = opendir("/proc");
	int count = 0, rc = 0;
	struct dirent *e;
	struct stat lock;

	if (!dir || stat(path, &lock) < 0)
		rc = err_errno(err, "look for who holds %s", path);
	while (dir && rc >= 0 && (e = readdir(dir))) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9' || !has_open(e->d_name, &lock))
			continue;
		rc = kill_if_holder(e->d_name, &lock, err);
		count += rc > 0;
	}
	if (dir)
		closedir(dir);
	return rc < 0 ? -1 : count;
}

static bool
ask_supervisor(const struct vm *vm, json_t **state)
{
	struct link link;
	enum link_result result = link_open(&link, vm->socket, CONNECT_MS, NULL);

	if (result == LINK_DONE)
		result = link_call(&link, "msmv-kill", NULL, ANSWER_MS, state, NULL);
	link_close(&link);
	if (result == LINK_DONE)
		vm_settle(vm);
	return result == LINK_DONE;
}

/* A supervisor that answers ends QEMU and says so; else both go as they are. */
int
vm_kill(const struct vm *vm, json_t **state)
{
	cleanup_err struct err err = ERR_INIT;
	bool asked = ask_supervisor(vm, state);

	if (vm_held(vm->root, vm->name)) {
		int count = kill_holders(vm, &err);

		vm_settle(vm);
		if (vm_held(vm->root, vm->name))
			return complain(EXIT_FAILED, "%s still runs: %s", vm->name, count < 0
				? err_msg(&err) : "nobody who holds it can be seen from here");
	}
	if (!asked)
		*state = vm_state(vm->root, vm->name);
	return 0;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int code = vm_open_named(&vm, args->words.v[0]);
	json_t *state = NULL;

	if (code)
		return code;
	if (!vm_held(vm.root, vm.name))
		return vm_already(&vm, args_has(args, "json"));
	code = vm_kill(&vm, &state);
	if (code == 0 && args_has(args, "json"))
		json_print(json_incref(state));
	else if (code == 0)
		printf("%s killed\n", vm.name);
	json_decref(state);
	return code;
}

static const struct cmd_option options[] = {
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_kill = {
	.name = "vm kill",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME [OPTIONS]",
	.help = "End it at once, however it is",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};

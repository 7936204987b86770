/* SPDX-License-Identifier: GPL-3.0-only */
/* A VM that is described and held: it is started, waited for, told of and attended. */
#include "cli/vm_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/json.h"
#include "vm/folder.h"
#include "vm/history.h"

enum { WAIT_MS = 120000, STOP_MS = 10000 };

/* A new one whose QEMU never ran leaves nothing behind: its arguments were wrong. Unless
   somebody started it once more meanwhile. */
static int
told_failed(const struct vm *vm, const char *why, bool is_new)
{
	cleanup_free char *folder = vm_path(vm->root, vm->name, NULL);
	cleanup_close int lock = -1;

	complain(EXIT_GUEST, "%s does not start: %s", vm->name, why);
	vm_print_tail(vm);
	if (is_new)
		lock = vm_hold(folder, NULL);
	if (lock >= 0 && vm_delete(vm->root, vm->name, NULL) == 0)
		history_add(vm->root, vm->name, "deleted", NULL);
	if (strstr(why, "kvm") || strstr(why, "KVM"))
		fprintf(stderr, "--accel tcg does without KVM\n");
	return EXIT_GUEST;
}

static int
wait_ready(const struct vm *vm, const struct args *args)
{
	json_t *state = NULL;
	int timeout, code = vm_timeout(args, "timeout", WAIT_MS, &timeout);

	if (code == 0)
		code = vm_wait(vm, true, timeout, &state);
	if (code == EXIT_TIMEOUT) {
		vm_print_tail(vm);
		fprintf(stderr, "it goes on: msmv vm stop %s ends it\n", vm->name);
	}
	if (code == 0 && (vm_guest_is_over(state) || streq(vm_text(state, "state"), "crashed"))) {
		code = vm_end_code(state);
		/* A guest that was ready, and has done its work by now, is no failure. */
		if (!json_object_get(state, "ready_ms"))
			code = complain(EXIT_GUEST, "%s is %s: %s", vm->name,
				vm_text(state, "state"), vm_text(state, "why"));
		if (code)
			vm_print_tail(vm);
	}
	json_decref(state);
	return code;
}

static void
print_started(const struct vm *vm, const struct args *args)
{
	json_t *state = vm_state(vm->root, vm->name), *config;
	int64_t ready = vm_number(state, "ready_ms", -1);
	const char *no_kvm;

	if (args_has(args, "json")) {
		json_print(state);
		return;
	}
	config = vm_read(vm->root, vm->name, "vm.json");
	if (ready >= 0)
		printf("%s is ready after %.2f s", vm->name, (double)ready / 1000);
	else
		printf("%s started", vm->name);
	no_kvm = vm_text(config, "accel_why");
	printf(" (%s, %s, %lld MB)%s%s\n", vm_text(config, "machine"), vm_text(config, "accel"),
		(long long)(vm_number(config, "memory", 0) >> 20), *no_kvm ? "; no KVM: " : "",
		no_kvm);
	json_decref(config);
	json_decref(state);
}

/* In the foreground a VM does not outlive the command, which tells how it ended. */
static int
attend(const struct vm *vm, bool foreground)
{
	json_t *state;
	int code = vm_console(vm, -1, false);

	if (foreground && vm_held(vm->root, vm->name) && vm_stop(vm, STOP_MS, false) != 0)
		return EXIT_FAILED;
	if (code || vm_held(vm->root, vm->name))
		return code;
	state = vm_state(vm->root, vm->name);
	code = vm_end_code(state);
	vm_print_end(vm, state);
	json_decref(state);
	return code;
}

int
vm_launch(const struct vm *vm, const struct args *args, int lock, bool is_new)
{
	bool foreground = args_has(args, "foreground");
	cleanup_err struct err err = ERR_INIT;
	int code = 0;

	if (vm_supervise(vm->root, vm->name, lock, &err) < 0)
		return told_failed(vm, err_msg(&err), is_new);
	if (args_has(args, "wait"))
		code = wait_ready(vm, args);
	if (code == 0)
		print_started(vm, args);
	if (code == 0 && (foreground || args_has(args, "console")))
		code = attend(vm, foreground);
	return code;
}

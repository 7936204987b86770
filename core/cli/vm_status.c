/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm status, list, wait: how it is, how they all are, and when that changes. */
#include "cli/vm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/text.h"
#include "vm/folder.h"

/* What it is and how it is, in one object. */
static json_t *
full_state(const char *root, const char *name)
{
	static const char *const keys[] = { "from", "machine", "accel", "accel_why", "cpu",
		"memory", "cpus", "ports", "disks", "shares", "argv", "created", "cid" };
	json_t *state = vm_state(root, name), *config = vm_read(root, name, "vm.json");
	cleanup_free char *folder = vm_path(root, name, NULL);

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		json_t *value = json_object_get(config, keys[i]);

		/* What became of a wish counts more. */
		if (value && !json_object_get(state, keys[i]))
			json_object_set(state, keys[i], value);
	}
	json_object_set_new(state, "folder", json_text(folder));
	json_decref(config);
	return state;
}

static void
add_age(struct str *out, const json_t *state)
{
	json_t *began = json_object_get(state, "began");
	int64_t ms = vm_number(state, "ran_ms", -1);

	if (!json_is_number(began))
		return;
	if (ms < 0)
		ms = (int64_t)(((double)time(NULL) - json_number_value(began)) * 1000);
	text_duration(out, ms < 0 ? 0 : ms);
}

static void
print_text(const json_t *state)
{
	cleanup_str struct str age = STR_INIT;
	const char *why = vm_text(state, "why");
	int64_t ready = vm_number(state, "ready_ms", -1), code = vm_number(state, "code", -1);

	add_age(&age, state);
	printf("%s: %s", vm_text(state, "name"), vm_text(state, "state"));
	if (*why)
		printf(": %s", why);
	printf("\n");
	printf("  from      %s\n", vm_text(json_object_get(state, "from"), "path"));
	printf("  machine   %s, %s, %lld MB, %lld CPU\n", vm_text(state, "machine"),
		vm_text(state, "accel"), (long long)(vm_number(state, "memory", 0) >> 20),
		(long long)vm_number(state, "cpus", 0));
	if (*vm_text(state, "accel_why"))
		printf("  no KVM    %s\n", vm_text(state, "accel_why"));
	if (age.len)
		printf("  %s    %s\n", vm_is_over(state) ? "ran   " : "runs  ", age.p);
	if (ready >= 0)
		printf("  ready     after %.2f s\n", (double)ready / 1000);
	if (code >= 0)
		printf("  code      %lld (the guest's)\n", (long long)code);
	if (vm_number(state, "qemu", 0))
		printf("  process   %lld\n", (long long)vm_number(state, "qemu", 0));
	printf("  folder    %s\n", vm_text(state, "folder"));
}

static int
run_status(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int code = vm_open(&vm, args->words.v[0]);
	json_t *state;

	if (code)
		return code;
	if (!vm.name)
		return vm_socket_verb(&vm, "status", args);
	state = full_state(vm.root, vm.name);
	if (args_has(args, "json"))
		json_print(json_incref(state));
	else
		print_text(state);
	json_decref(state);
	return EXIT_DONE;
}

static void
print_row(const json_t *state)
{
	cleanup_str struct str age = STR_INIT;

	add_age(&age, state);
	printf("%-16s %-9s %-9s %-5s %6lld MB  %-9s %s\n", vm_text(state, "name"),
		vm_text(state, "state"), vm_text(state, "machine"), vm_text(state, "accel"),
		(long long)(vm_number(state, "memory", 0) >> 20), str_text(&age),
		vm_text(state, "why"));
}

static int
run_list(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int code = vm_open_root(&vm);
	json_t *list = json_array(), *state;
	struct vm_names names = VEC_INIT;
	cleanup_err struct err err = ERR_INIT;
	size_t i;

	if (code == 0 && vm_names(vm.root, &names, &err) < 0)
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	for (i = 0; i < names.len; i++)
		json_array_append_new(list, full_state(vm.root, names.v[i]));
	if (code == 0 && args_has(args, "json"))
		json_print(json_pack("{s:i, s:o, s:O}", "v", 1, "root", json_text(vm.root), "vms",
			list));
	else
		json_array_foreach(list, i, state)
			print_row(state);
	if (code == 0 && !names.len && !args_has(args, "json"))
		printf("no VMs: msmv vm start makes one\n");
	json_decref(list);
	vm_names_release(&names);
	return code;
}

static int
tell(const struct vm *vm, json_t *state, bool ready, bool json)
{
	int code = ready && !vm_guest_is_over(state) ? EXIT_DONE : vm_end_code(state);

	if (streq(vm_text(state, "state"), "crashed"))
		code = EXIT_GUEST;
	else if (ready && vm_guest_is_over(state) && !json_object_get(state, "ready_ms"))
		code = EXIT_GUEST; /* it never was, and will not be */
	if (json)
		json_print(json_incref(state));
	else if (ready && code == EXIT_DONE && !vm_guest_is_over(state))
		printf("%s is ready after %.2f s\n", vm->name,
			(double)vm_number(state, "ready_ms", 0) / 1000);
	else
		vm_print_end(vm, state);
	if (code == EXIT_GUEST)
		vm_print_tail(vm);
	return code;
}

static int
run_wait(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	const char *what = args_get(args, "for", 0);
	bool ready = what && streq(what, "ready");
	int timeout, code = vm_timeout(args, "timeout", -1, &timeout);
	json_t *state = NULL;

	if (what && !ready && !streq(what, "end"))
		return complain(EXIT_USAGE, "--for wants ready or end, not '%s'", what);
	if (code == 0)
		code = vm_open_named(&vm, args->words.v[0]);
	if (code == 0)
		code = vm_wait(&vm, ready, timeout, &state);
	if (code == 0)
		code = tell(&vm, state, ready, args_has(args, "json"));
	else if (code == EXIT_TIMEOUT)
		vm_print_tail(&vm);
	json_decref(state);
	return code;
}

static const struct cmd_option json_option[] = {
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static const struct cmd_option wait_options[] = {
	{ 0, "for", "ready|end", "what is waited for (default end)" },
	{ 0, "timeout", "SECONDS", "how long at most (default: as long as it takes)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_status = {
	.name = "vm status",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET [OPTIONS]",
	.help = "How it is, or how and why it ended",
	.text = "States: created, starting, running, ready (the guest's init said so), paused,\n"
		"shutdown (off, in a QEMU that stays), crashed (QEMU runs, its guest does not),\n"
		"stopping, stopped, dead.\n",
	.options = json_option,
	.min_words = 1,
	.max_words = 1,
	.run = run_status,
};

const struct cmd cmd_vm_list = {
	.name = "vm list",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "[OPTIONS]",
	.help = "All of them, a line each",
	.options = json_option,
	.max_words = 0,
	.run = run_list,
};

const struct cmd cmd_vm_wait = {
	.name = "vm wait",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME [OPTIONS]",
	.help = "Wait until it ends, or until its guest is ready",
	.text = "Says how it ended, with the guest's code: that of the application whose end ended\n"
		"the machine. A code other than 0, a panic or a dead QEMU give exit status 6.\n\n"
		VM_EXIT_TEXT,
	.options = wait_options,
	.min_words = 1,
	.max_words = 1,
	.run = run_wait,
};

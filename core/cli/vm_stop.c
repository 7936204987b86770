/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm stop, pause, resume, reset. Each takes a VM's name or, with a slash, the
 * socket of any QEMU.
 */
#include "cli/vm.h"

#include <stdio.h>

#include "base/mem.h"
#include "cli/json.h"
#include "vm/folder.h"

enum { STOP_MS = 10000, SLACK_MS = 15000 };

static void
print_stopped(const struct vm *vm, json_t *state, bool json)
{
	double s = (double)vm_number(state, "stop_ms", 0) / 1000;
	int64_t code = vm_number(state, "code", -1);

	if (json) {
		json_print(json_incref(state));
		return;
	}
	if (json_is_true(json_object_get(state, "unasked")))
		printf("%s stopped: forced, as its guest cannot be asked\n", vm->name);
	else if (json_is_true(json_object_get(state, "forced")))
		printf("%s stopped: forced after %.1f s\n", vm->name, s);
	else if (code > 0)
		printf("%s stopped: powered off in %.1f s, guest's code %lld\n", vm->name, s,
			(long long)code);
	else
		printf("%s stopped: powered off in %.1f s\n", vm->name, s);
}

int
vm_already(const struct vm *vm, bool json)
{
	json_t *state = vm_state(vm->root, vm->name);

	if (json)
		json_print(json_incref(state));
	else
		printf("%s does not run: it is %s\n", vm->name, vm_text(state, "state"));
	json_decref(state);
	return EXIT_DONE;
}

static int
ask_supervisor(const struct vm *vm, int timeout_ms, json_t **state, struct err *err)
{
	struct link link;
	enum link_result result = link_open(&link, vm->socket, SLACK_MS, err);

	if (result == LINK_DONE)
		result = link_call(&link, "msmv-stop", json_pack("{s:i}", "timeout-ms", timeout_ms),
			timeout_ms + SLACK_MS, state, err);
	link_close(&link);
	return (int)result;
}

int
vm_stop(const struct vm *vm, int timeout_ms, bool json)
{
	cleanup_err struct err err = ERR_INIT;
	json_t *state = NULL;
	int result;

	if (!vm_held(vm->root, vm->name))
		return vm_already(vm, json);
	result = ask_supervisor(vm, timeout_ms, &state, &err);
	if (result == LINK_NONE || result == LINK_GONE)
		vm_settle(vm);
	if (result != LINK_DONE && !vm_held(vm->root, vm->name))
		return vm_already(vm, json); /* it ended by itself meanwhile */
	if (result != LINK_DONE) {
		vm_failed((enum link_result)result, &err);
		fprintf(stderr, "msmv vm kill %s ends it\n", vm->name);
		return result == LINK_TIMEOUT ? EXIT_TIMEOUT : EXIT_QMP;
	}
	vm_settle(vm); /* it can be started again at once */
	print_stopped(vm, state, json);
	json_decref(state);
	return EXIT_DONE;
}

static int
run_stop(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int timeout, code = vm_timeout(args, "timeout", STOP_MS, &timeout);

	if (code == 0)
		code = vm_open(&vm, args->words.v[0]);
	if (code)
		return code;
	return vm.name ? vm_stop(&vm, timeout, args_has(args, "json"))
		       : vm_socket_verb(&vm, "stop", args);
}

/* A command of QEMU's, and what is said when it has done it. */
static int
run_simple(const struct args *args, const char *verb, const char *command, const char *done)
{
	cleanup_vm struct vm vm = VM_INIT;
	struct link link;
	int code = vm_open(&vm, args->words.v[0]);

	if (code)
		return code;
	if (!vm.name)
		return vm_socket_verb(&vm, verb, args);
	code = vm_connect(&vm, &link);
	if (code == 0)
		code = vm_call(&vm, &link, command, NULL, NULL);
	link_close(&link);
	if (code == 0 && args_has(args, "json"))
		json_print(vm_state(vm.root, vm.name));
	else if (code == 0)
		printf("%s %s\n", vm.name, done);
	return code;
}

static int
run_pause(const struct args *args)
{
	return run_simple(args, "pause", "stop", "paused");
}

static int
run_resume(const struct args *args)
{
	return run_simple(args, "resume", "cont", "resumed");
}

static int
run_reset(const struct args *args)
{
	return run_simple(args, "reset", "msmv-reset", "reset");
}

static const struct cmd_option stop_options[] = {
	{ 0, "timeout", "SECONDS", "for the guest to power off, then it is forced (default 10)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static const struct cmd_option json_option[] = {
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

#define ONE_WORD \
	.options = json_option, .min_words = 1, .max_words = 1

const struct cmd cmd_vm_stop = {
	.name = "vm stop",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET [OPTIONS]",
	.help = "Have the guest power off, or force it",
	.text = "Asks the guest's init or presses the power button, waits, then forces it; says which\n"
		"it was. Returns as soon as it is off. A paused guest is resumed for that.\n\n"
		VM_EXIT_TEXT,
	.options = stop_options,
	.min_words = 1,
	.max_words = 1,
	.run = run_stop,
};

const struct cmd cmd_vm_pause = {
	.name = "vm pause",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET [OPTIONS]",
	.help = "Stop its processors; all else stays",
	ONE_WORD,
	.run = run_pause,
};

const struct cmd cmd_vm_resume = {
	.name = "vm resume",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET [OPTIONS]",
	.help = "Let a paused one go on",
	ONE_WORD,
	.run = run_resume,
};

const struct cmd cmd_vm_reset = {
	.name = "vm reset",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET [OPTIONS]",
	.help = "Press its reset button: the guest starts again, unasked",
	ONE_WORD,
	.run = run_reset,
};

/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm: machines that live longer than a command. */
#include "cli/vm.h"

#include "base/mem.h"

static const struct cmd *const verbs[] = { &cmd_vm_start, &cmd_vm_stop, &cmd_vm_pause,
	&cmd_vm_resume, &cmd_vm_reset, &cmd_vm_kill, &cmd_vm_status, &cmd_vm_wait, &cmd_vm_list,
	&cmd_vm_console, &cmd_vm_connect, &cmd_vm_logs, &cmd_vm_events, &cmd_vm_screendump, &cmd_vm_snapshot, &cmd_vm_disk, &cmd_vm_nic,
	&cmd_vm_rm, NULL };

static const struct cmd_option options[] = {
	{ 0, "timeout", "SECONDS", "for QEMU to answer; of stop: until it is forced (default 10)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

/* A path instead of a command's name: the socket of a QEMU that somebody started. */
static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int code = vm_open(&vm, args->words.v[0]);

	return code ? code : vm_socket_verb(&vm, args->words.v[1], args);
}

const struct cmd cmd_vm = {
	.name = "vm",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "COMMAND [OPTIONS]\n"
		    "       msmv vm /PATH/TO/QMP.SOCK start|stop|pause|resume|reset|status\n"
		    "       [OPTIONS]",
	.help = "Start machines, and see, ask and end them",
	.text = VM_EXIT_TEXT,
	.options = options,
	.verbs = verbs,
	.min_words = 2,
	.max_words = 2,
	.run = run,
};

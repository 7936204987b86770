/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm rm: its folder goes, with the disk that is its own. */
#include "cli/vm.h"

#include <stdio.h>

#include "base/mem.h"
#include "cli/json.h"
#include "vm/folder.h"
#include "vm/history.h"

static const struct cmd_option options[] = {
	{ 'f', "force", NULL, "end it first if it runs" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static int
end_first(const struct vm *vm, bool force)
{
	json_t *state = NULL;
	int code;

	if (!force)
		return complain(EXIT_FAILED, "%s runs: msmv vm stop %s first, or rm --force",
			vm->name, vm->name);
	code = vm_kill(vm, &state);
	json_decref(state);
	return code;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	cleanup_free char *folder = NULL;
	bool json = args_has(args, "json");
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int lock = -1;
	int code = vm_open_named(&vm, args->words.v[0]);

	if (code == 0 && vm_held(vm.root, vm.name))
		code = end_first(&vm, args_has(args, "force"));
	if (code)
		return code;
	folder = vm_path(vm.root, vm.name, NULL);
	vm_settle(&vm);
	lock = vm_hold(folder, &err); /* nobody starts it while it goes */
	if (lock < 0 || vm_delete(vm.root, vm.name, &err) < 0)
		return complain(EXIT_FAILED, "%s: %s", vm.name, err_msg(&err));
	history_add(vm.root, vm.name, "deleted", NULL);
	if (json)
		json_print(json_pack("{s:i, s:s, s:s}", "v", 1, "name", vm.name, "state",
			"deleted"));
	else
		printf("%s deleted\n", vm.name);
	return EXIT_DONE;
}

const struct cmd cmd_vm_rm = {
	.name = "vm rm",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME [OPTIONS]",
	.help = "Delete it: its folder, its logs, its own disk",
	.text = "Files that it was given with --disk stay.\n",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};

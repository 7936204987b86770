/* SPDX-License-Identifier: GPL-3.0-only */
/* A new VM: its folder is made and held before anything is looked for, or built. */
#include "cli/vm_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/folder.h"
#include "vm/history.h"

static int
check_new(const struct vm *vm, const struct args *args)
{
	if (!vm_name_ok(vm->name))
		return complain(EXIT_USAGE, "'%s' is no name for a VM: letters, digits, '.', '_' and"
			" '-', %d at most, the first a letter or digit", vm->name, VM_NAME_MAX);
	if (args_has(args, "fresh"))
		return complain(EXIT_USAGE, "--fresh is for a VM that is there; %s is not", vm->name);
	if (!vm_exists(vm->root, vm->name))
		return 0;
	if (vm_held(vm->root, vm->name))
		return complain(EXIT_FAILED, "%s runs already (msmv vm status %s); another --name"
			" makes another", vm->name, vm->name);
	return complain(EXIT_FAILED, "there is a VM %s: msmv vm start %s starts it again, msmv vm rm"
		" %s deletes it, another --name makes another", vm->name, vm->name, vm->name);
}

static int
not_held(const struct vm_plan *p, const struct err *err)
{
	if (vm_held(p->vm->root, p->vm->name))
		return complain(EXIT_FAILED, "%s is being made or started by another msmv",
			p->vm->name);
	return complain(EXIT_FAILED, "%s: %s", p->vm->name, err_msg(err));
}

/*
 * The lock is held while the VM is made, which takes long where a recipe is built. Of a
 * folder that is there only what an earlier start left, which was killed, is used again.
 */
static int
make_folder(struct vm_plan *p)
{
	cleanup_err struct err err = ERR_INIT;
	bool fresh;

	if (fs_mkdirs(p->vm->root, 0700, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	fresh = mkdir(p->folder, 0700) == 0;
	if (!fresh && errno != EEXIST)
		return complain(EXIT_FAILED, "cannot make %s: %s", p->folder, strerror(errno));
	if (!fresh && !vm_is_left_over(p->folder))
		return complain(EXIT_FAILED, "there is %s, and it is no VM's: another --name makes"
			" one, or another MSMV_VM_DIR", p->folder);
	p->lock = vm_hold(p->folder, &err);
	if (p->lock < 0) {
		if (fresh)
			rmdir(p->folder); /* if nobody else put something there */
		return not_held(p, &err);
	}
	if (vm_exists(p->vm->root, p->vm->name))
		return complain(EXIT_FAILED, "another msmv has just made %s", p->vm->name);
	p->made = true;
	fs_empty(p->folder, "lock");
	return 0;
}

static int
open_facts(struct vm_plan *p)
{
	cleanup_free char *capability = xasprintf("arch:%s", p->arch);
	const struct plugin_info *info;
	struct args place = { .ngiven = 0 };
	int code;

	/* Of these options only the store is a session's; --timeout is another one there. */
	for (int i = 0; i < p->args->ngiven; i++)
		if (streq(p->args->given[i].name, "store"))
			place.given[place.ngiven++] = p->args->given[i];
	code = session_open(&p->session, &place);

	if (code == 0)
		code = session_plugins(&p->session);
	if (code)
		return code;
	info = catalog_provider(&p->session.registry.catalog, capability);
	if (!info)
		return complain(EXIT_FAILED, "no plugin knows the architecture %s of %s", p->arch,
			p->word);
	p->facts = &info->arch;
	p->guest.arch = plan_fact(p, "kernel.arch");
	return plan_proven(p);
}

static int
describe(struct vm_plan *p)
{
	int code = plan_source(p);

	if (code == 0)
		code = open_facts(p);
	if (code == 0)
		code = plan_machine(p);
	if (code == 0)
		code = plan_devices(p);
	return code ? code : plan_write(p);
}

int
vm_start_new(const struct vm *vm, const char *word, const struct args *args)
{
	struct vm_plan p = VM_PLAN_INIT(vm, args);
	int lock, code = check_new(vm, args);

	if (code)
		return code;
	p.folder = vm_path(vm->root, vm->name, NULL);
	p.word = xstrdup(word);
	p.path = path_absolute(word);
	code = make_folder(&p);
	if (code == 0)
		code = describe(&p);
	if (code && p.made)
		vm_delete(vm->root, vm->name, NULL); /* nothing is left of what never was */
	lock = code ? -1 : take_fd(p.lock);
	plan_release(&p);
	if (code)
		return code;
	history_add(vm->root, vm->name, "created", NULL);
	return vm_launch(vm, args, lock, true);
}

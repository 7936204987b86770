/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm start: a new VM of what a person names, or one again that was there. */
#include "cli/vm_plan.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"
#include "base/mem.h"
#include "vm/folder.h"

static const struct cmd_option options[] = {
	{ 'n', "name", "NAME", "its name (default: that of what it is made of)" },
	{ 'm', "memory", "SIZE", "256M, 1G (default: as proven, else 128M)" },
	{ 0, "cpus", "N", "processors (default 1)" },
	{ 0, "machine", "NAME", "microvm, q35, pc, virt (default: as proven)" },
	{ 0, "accel", "NAME", "auto, kvm, tcg (default auto: KVM if it proves to work)" },
	{ 0, "cpu", "MODEL", "QEMU's CPU model (default: as proven)" },
	{ 'p', "port", "HOST:GUEST", "a port of this machine leads there; /udp; again for more" },
	{ 0, "disk", "FILE[,..]", "a disk; ,readonly ,discard ,format=F ,serial=S ,backing" },
	{ 0, "discard", NULL, "what the guest writes to its own disk is gone when it ends" },
	{ 0, "fresh", NULL, "of a VM that was there: its own disk is as it was at first" },
	{ 0, "nic", "KIND", "user, tap=INTERFACE, vhost-user=SOCKET or none; ,mac=MAC; again" },
	{ 0, "share", "DIR=TAG", "the guest can mount DIR as TAG (9p); ,readonly ,virtiofs; again" },
	{ 0, "cloud-init", "DIR", "a disk CIDATA of what is in DIR" },
	{ 0, "hugepages", NULL, "memory in huge pages, if enough are free" },
	{ 0, "nested", NULL, "the guest can have KVM itself" },
	{ 0, "slots", "N", "of q35 and virt: room for what msmv vm disk and nic add later" },
	{ 0, "screen", NULL, "a graphics card, for screendump" },
	{ 0, "reboot", NULL, "a guest that resets starts again (default: that is its end)" },
	{ 0, "paused", NULL, "nothing runs before msmv vm resume" },
	{ 0, "kernel", "FILE", "of a disk: the kernel beside it" },
	{ 0, "initrd", "FILE", "of a kernel: its initramfs" },
	{ 0, "append", "TEXT", "the kernel's command line" },
	{ 0, "firmware", "FILE", "UEFI image for a UKI" },
	{ 0, "qemu", "PROGRAM", "another QEMU" },
	{ 'w', "wait", NULL, "until the guest is ready" },
	{ 0, "timeout", "SECONDS", "of --wait (default 120), and of QEMU to start (60)" },
	{ 0, "console", NULL, "go to its console at once" },
	{ 0, "foreground", NULL, "the same, and it stops when you leave" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, "store", "DIR", "of a recipe: where results are kept" },
	{ 0, "set", "KEY=VALUE", "of a recipe: change a value" },
	{ 0, "profile", "NAME", "of a recipe: put [profile.NAME] over it" },
	{ 0, "arch", "ARCH", "of a recipe: only this; of a disk: the guest's" },
	{ 0, NULL, NULL, NULL },
};

/* ---- One that is there ----------------------------------------------------------- */

/* Its own disk is copied anew where nobody else starts it: the lock is held. */
static int
refresh(const struct vm *vm)
{
	json_t *config = vm_read(vm->root, vm->name, "vm.json");
	cleanup_err struct err err = ERR_INIT;
	int bad = plan_fresh_disk(config, &err);

	json_decref(config);
	return bad < 0 ? complain(EXIT_FAILED, "%s", err_msg(&err)) : 0;
}

static int
only_allowed(const struct vm *vm, const struct args *args)
{
	static const char *const allowed[] = { "name", "wait", "timeout", "console", "foreground",
		"json", "fresh" };

	for (int i = 0; i < args->ngiven; i++) {
		bool known = false;

		for (size_t k = 0; k < ARRAY_LEN(allowed); k++)
			known |= streq(args->given[i].name, allowed[k]);
		if (!known)
			return complain(EXIT_USAGE, "%s is there already, and --%s would change it:"
				" msmv vm rm %s first, or another --name", vm->name,
				args->given[i].name, vm->name);
	}
	return 0;
}

static int
start_again(const struct vm *vm, const struct args *args)
{
	cleanup_free char *folder = vm_path(vm->root, vm->name, NULL);
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int lock = -1;
	int code = only_allowed(vm, args);

	if (code)
		return code;
	lock = vm_hold(folder, &err);
	if (lock < 0 && vm_held(vm->root, vm->name))
		return complain(EXIT_FAILED, "%s runs already (msmv vm status %s)", vm->name,
			vm->name);
	if (lock < 0)
		return complain(EXIT_FAILED, "%s: %s", vm->name, err_msg(&err));
	if (args_has(args, "fresh"))
		code = refresh(vm);
	return code ? code : vm_launch(vm, args, take_fd(lock), false);
}

/* ---- Which of them ---------------------------------------------------------------- */

/* "hello" of recipes/hello.toml, out/ in a folder hello, hello.efi. The caller frees. */
static char *
name_of(const char *path)
{
	cleanup_free char *full = path_absolute(path);
	cleanup_free char *dir = path_dir(full);
	cleanup_str struct str name = STR_INIT;
	const char *base = path_base(full);

	if (streq(base, "out"))
		base = path_base(dir);
	for (const char *s = base; *s && *s != '.' && name.len < VM_NAME_MAX; s++)
		if (isalnum((unsigned char)*s) || (name.len && strchr("_-", *s)))
			str_addc(&name, *s);
	return name.len ? str_take(&name) : xstrdup("vm");
}

/* QEMU's own arguments stand behind "--", which args_parse does not tell of. */
static int
check_words(const struct args *args)
{
	for (size_t i = 1; i < args->words.len; i++)
		if (streq(args->words.v[i], "-daemonize") || streq(args->words.v[i], "--daemonize"))
			return complain(EXIT_USAGE, "QEMU is not to leave its supervisor: it runs"
				" in the background without -daemonize");
	if (args->words.len > 1 && args->words.v[1][0] != '-')
		return complain(EXIT_USAGE, "'%s' is one word too many; QEMU's own arguments stand"
			" behind --", args->words.v[1]);
	return 0;
}

/* A document for programs has no end while a person, or a console, goes on behind it. */
static int
check_json(const struct args *args)
{
	if (args_has(args, "json") && (args_has(args, "console") || args_has(args, "foreground")))
		return complain(EXIT_USAGE, "--json goes with neither --console nor --foreground: msmv"
			" vm console --json is for programs");
	return 0;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	const char *word = args->words.v[0], *name = args_get(args, "name", 0);
	int timeout, code = check_words(args);

	if (code == 0)
		code = check_json(args);
	if (code == 0) /* before anything is made */
		code = vm_timeout(args, "timeout", 0, &timeout);
	if (code == 0)
		code = vm_open_root(&vm);
	if (code)
		return code;
	if (!name && !strchr(word, '/') && vm_exists(vm.root, word)) {
		vm.name = xstrdup(word);
		vm.socket = vm_path(vm.root, word, "qmp.sock");
		return start_again(&vm, args);
	}
	vm.name = name ? xstrdup(name) : name_of(word);
	vm.socket = vm_path(vm.root, vm.name, "qmp.sock");
	return vm_start_new(&vm, word, args);
}

const struct cmd cmd_vm_start = {
	.name = "vm start",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "RECIPE|FOLDER|IMAGE|NAME [OPTIONS] [-- QEMU ARGUMENTS]",
	.help = "Start a new machine, or again one that was there",
	.text = "RECIPE is built first as msmv run does. FOLDER is its output folder: the machine is\n"
		"the one it was proven with. IMAGE is a kernel (bzImage, Image, vmlinux), a UKI or a\n"
		"disk. A disk of these is copied: the copy is the VM's own, keeps what the guest writes\n"
		"when the VM is stopped and started again, and goes with msmv vm rm.\n\n"
		VM_EXIT_TEXT,
	.options = options,
	.min_words = 1,
	.max_words = 256,
	.run = run,
};

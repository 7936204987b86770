/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm start: a new VM of what a person names, or one again that was there. */
#include "cli/vm_plan.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/json.h"
#include "vm/folder.h"
#include "vm/history.h"

enum { WAIT_MS = 120000, STOP_MS = 10000 };

static const struct cmd_option options[] = {
	{ 'n', "name", "NAME", "its name (default: that of what it is made of)" },
	{ 'm', "memory", "SIZE", "256M, 1G (default: as proven, else 128M)" },
	{ 0, "cpus", "N", "processors (default 1)" },
	{ 0, "machine", "NAME", "microvm, q35, pc, virt (default: as proven)" },
	{ 0, "accel", "NAME", "auto, kvm, tcg (default auto: KVM if it proves to work)" },
	{ 0, "cpu", "MODEL", "QEMU's CPU model" },
	{ 'p', "port", "HOST:GUEST", "a port of this machine leads there; /udp; again for more" },
	{ 0, "disk", "FILE[,..]", "a disk; ,readonly ,discard ,format=F ,serial=S ,backing" },
	{ 0, "discard", NULL, "what the guest writes to its own disk is gone when it ends" },
	{ 0, "fresh", NULL, "of a VM that was there: its own disk is as it was at first" },
	{ 0, "nic", "KIND", "user, tap=INTERFACE or none; ,mac=MAC; again for more" },
	{ 0, "share", "DIR=TAG", "the guest can mount DIR as TAG (9p); ,readonly; again" },
	{ 0, "cloud-init", "DIR", "a disk CIDATA of what is in DIR" },
	{ 0, "hugepages", NULL, "memory in huge pages, if enough are free" },
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

/* ---- Once it is described ------------------------------------------------------ */

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
	if (code == 0 && (vm_is_over(state) || streq(vm_text(state, "state"), "crashed"))) {
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
	int code = vm_console(vm, -1);

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

/* lock holds the VM, and is taken over. */
static int
launch(const struct vm *vm, const struct args *args, int lock, bool is_new)
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
	return code ? code : launch(vm, args, take_fd(lock), false);
}

/* ---- A new one --------------------------------------------------------------------- */

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

static int
start_new(const struct vm *vm, const char *word, const struct args *args)
{
	struct vm_plan p = { .vm = vm, .args = args, .lock = -1 };
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
	return launch(vm, args, lock, true);
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

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	const char *word = args->words.v[0], *name = args_get(args, "name", 0);
	int timeout, code = check_words(args);

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
	return start_new(&vm, word, args);
}

const struct cmd cmd_vm_start = {
	.name = "vm start",
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

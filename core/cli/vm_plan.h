/* SPDX-License-Identifier: GPL-3.0-only */
/* A VM while it is being described: from a person's words to vm.json. */
#ifndef MSMV_CLI_VM_PLAN_H
#define MSMV_CLI_VM_PLAN_H

#include "base/record.h"
#include "cli/session.h"
#include "cli/vm.h"
#include "vm/guest.h"

struct vm_plan {
	const struct vm *vm;
	const struct args *args;
	char *folder;               /* of the VM; owned */
	int lock;                   /* held while it is made */
	bool made;                  /* all that is in the folder is this start's */
	struct session session;     /* for what plugins know of architectures */
	const struct record *facts; /* of the guest's */
	const char *arch;           /* "x86_64" */
	struct guest guest;
	char *word, *path;          /* what was named, and where that is; owned */
	const char *kind;           /* "recipe", "folder", "image" */
	json_t *boot;               /* boot.json of a folder; NULL: none */
	const char *disk;           /* an image whose copy is the VM's own disk; or NULL */
	const char *virtiofsd;      /* the program that serves folders; NULL: none does */
	char why[512];              /* why not KVM; "" */
	VEC(const char *) more;     /* QEMU's arguments that struct guest has no field for */
	VEC(char *) kept;           /* owned text that the guest points to */
};

#define VM_PLAN_INIT(v, a) \
	{ .vm = (v), .args = (a), .lock = -1, .session.ctx.store.tmp_lock = -1 }

/* Text that lives as long as the plan. */
const char *plan_keep(struct vm_plan *p, char *text);
const char *plan_fact(const struct vm_plan *p, const char *name);
/* The program. */
const char *plan_qemu(const struct vm_plan *p);
/* A path against this folder. */
const char *plan_path(struct vm_plan *p, const char *path);

/* vm_source.c: what was named, and the files that boot. An exit code. */
int plan_source(struct vm_plan *p);
/* vm_folder.c: those of the folder p->path. An exit code. */
int plan_folder(struct vm_plan *p);
/* vm_devices.c: disks, networks, folders. An exit code. */
int plan_devices(struct vm_plan *p);
/* One disk more, of a person's FILE[,...]. An exit code. */
int plan_disk(struct vm_plan *p, const char *text);
/* vm_share.c: one folder more, as such or as a disk. An exit code. */
int plan_share(struct vm_plan *p, const char *text);
int plan_seed(struct vm_plan *p, const char *dir);
/* vm_hardware.c. An exit code. */
int plan_hardware(struct vm_plan *p);
/* Cuts the next word off a list with commas; NULL at its end. */
char *plan_word(char **list);
/* What follows "key=" in word; NULL if it is another. */
const char *plan_value(const char *word, const char *key);
/* vm_network.c */
int plan_network(struct vm_plan *p);
/* One card more, of a person's KIND[,...]. An exit code. */
int plan_nic(struct vm_plan *p, const char *text);
/* vm_machine.c: acpi, bus and QEMU's arguments as boot.json has them. An exit code. */
int plan_proven(struct vm_plan *p);
/* machine, accelerator, memory, command line. An exit code. */
int plan_machine(struct vm_plan *p);
/* vm_plan.c: vm.json, written; the VM's own disk, copied. An exit code. */
int plan_write(struct vm_plan *p);
/* Copies the image of a VM's own disk anew. -1 with err. */
int plan_fresh_disk(const json_t *config, struct err *err);
void plan_release(struct vm_plan *p);

/* vm_new.c: makes a VM of what word names, and starts it. An exit code. */
int vm_start_new(const struct vm *vm, const char *word, const struct args *args);
/* vm_launch.c: lock holds the VM, and is taken over. An exit code. */
int vm_launch(const struct vm *vm, const struct args *args, int lock, bool is_new);

#endif

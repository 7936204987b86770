/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Where VMs are: one folder for each below a root, and what is in it.
 *
 *	ROOT/.events      what happened to all of them, a JSON object a line
 *	ROOT/NAME/vm.json    what was asked for: QEMU's exact arguments and what they came from
 *	          state.json how it is, or how it ended
 *	          lock       held by its supervisor and its QEMU as long as one of them lives
 *	          qmp.sock, console.sock, console.in, console.out, console.log, qemu.log, disk.*
 *
 * Whether a VM lives is asked of the kernel, by the lock, and of no number in a file: a
 * process id may mean another process by now, a lock ends with its holder.
 */
#ifndef VM_FOLDER_H
#define VM_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

#include "base/err.h"
#include "base/vec.h"

enum { VM_NAME_MAX = 64 };

/* The numbers under which QEMU finds its sockets: vm.json holds its command line, and is
   written before there is one. QEMU has the lock, too, and knows nothing of that. */
enum { VM_FD_QMP = 100, VM_FD_CONTROL, VM_FD_LOCK, VM_FD_SHARE /* and those behind it */ };

/* $MSMV_VM_DIR, else msmv/vm in $XDG_STATE_HOME (if absolute) or ~/.local/state; NULL if
   nothing says where. The caller frees. */
char *vm_root(void);
/* 1 to 64 letters, digits, '.', '_', '-', the first a letter or digit. */
bool vm_name_ok(const char *name);
/* ROOT/NAME/FILE, or ROOT/NAME without file; the caller frees. */
char *vm_path(const char *root, const char *name, const char *file);
/* Whether it is described: it has its vm.json. */
bool vm_exists(const char *root, const char *name);
/* The same, or one is being made, or was once and not to its end. */
bool vm_is_there(const char *root, const char *name);
/* Whether all in this folder was made by msmv for a VM, and nothing in it is another's. */
bool vm_is_left_over(const char *folder);
/* All that are there, sorted; the caller frees each and the array. None without a root; -1
   with err if that cannot be read. */
struct vm_names {
	char **v;
	size_t len, cap;
};
int vm_names(const char *root, struct vm_names *out, struct err *err);
void vm_names_release(struct vm_names *names);

/* Whether its supervisor or its QEMU lives, or somebody makes or deletes it just now. */
bool vm_held(const char *root, const char *name);
/* Takes the lock, or -1 with err if another has it or the folder is not this user's alone.
   The descriptor holds it, and each copy of it in whatever process. */
int vm_hold(const char *folder, struct err *err);
/* Whether this descriptor, which came from another process, holds it. -1 with err. */
int vm_hold_on(const char *folder, int fd, struct err *err);
/* Deletes it for who holds it: the name is free at once. -1 with err. */
int vm_delete(const char *root, const char *name, struct err *err);

/* A JSON object in the VM's folder; NULL if there is none. The caller releases. */
json_t *vm_read(const char *root, const char *name, const char *file);
/* Replaces it as a whole; o is released. */
int vm_write(const char *folder, const char *file, json_t *o, struct err *err);

/* The same of state.json, also on a full disk if there is room for it (reserve.h). */
int vm_write_state(const char *folder, json_t *o, struct err *err);

/*
 * How it is: its state.json, put right where that is history: a VM whose supervisor is
 * gone is dead, and "why" says since when and by what. Never NULL for a VM that exists.
 */
json_t *vm_state(const char *root, const char *name);
/* What is kept for a process that ended with this host: a text, the same until the next
   boot; "" if unknown. */
const char *vm_boot_id(void);

#endif

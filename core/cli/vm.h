/* SPDX-License-Identifier: GPL-3.0-only */
/* What the commands of "msmv vm" share: a VM that a person named, and how it is told of. */
#ifndef MSMV_CLI_VM_H
#define MSMV_CLI_VM_H

#include <jansson.h>

#include "cli/cmd.h"
#include "vm/link.h"

/* Beside those of cmd.h; scripts tell them apart. */
enum {
	EXIT_NO_VM = 3,   /* no such VM, no such socket, or it does not run */
	EXIT_QMP = 4,     /* QEMU refused, or that is no QEMU */
	EXIT_TIMEOUT = 5,
	EXIT_GUEST = 6    /* the guest failed: a panic, an application's status, a dead QEMU */
};

#define VM_EXIT_TEXT \
	"Exit status: 0 done, 1 failed, 2 wrong usage, 3 no such VM or socket (or it does not\n" \
	"run), 4 QEMU refused, 5 time-out, 6 the guest or its QEMU failed, 130 interrupted.\n"

extern const struct cmd cmd_vm_start, cmd_vm_stop, cmd_vm_pause, cmd_vm_resume, cmd_vm_reset,
	cmd_vm_kill, cmd_vm_status, cmd_vm_wait, cmd_vm_list, cmd_vm_console, cmd_vm_connect, cmd_vm_logs,
	cmd_vm_events, cmd_vm_screendump, cmd_vm_snapshot, cmd_vm_disk, cmd_vm_nic, cmd_vm_rm;

/* What a person named: a VM of this root or, if it has a slash, a socket. */
struct vm {
	char *root, *name, *socket; /* owned; name NULL: a socket alone */
	int answer_ms; /* how long QEMU may take to answer; 0: 10 s */
};

#define VM_INIT { NULL, NULL, NULL, 0 }
#define cleanup_vm __attribute__((cleanup(vm_release)))

/* The root alone; an exit code after a complaint. */
int vm_open_root(struct vm *vm);
/* The VM of that name, which must be there; or a socket. An exit code. */
int vm_open(struct vm *vm, const char *word);
/* The same, but it must be a VM. */
int vm_open_named(struct vm *vm, const char *word);
void vm_release(struct vm *vm);
/* Connects to its QMP socket; an exit code after a complaint. link_close in any case. */
int vm_connect(const struct vm *vm, struct link *link);
/* One command, in the time that QEMU has; *value (or NULL) is the caller's. */
int vm_call(const struct vm *vm, struct link *link, const char *command, json_t *arguments,
	json_t **value);
/* The exit code for a failed command, after its complaint. */
int vm_failed(enum link_result result, const struct err *err);

/* SECONDS of an option (also 0.5) in milliseconds; fallback if not given. An exit code. */
int vm_timeout(const struct args *args, const char *option, int fallback, int *ms);
const char *vm_text(const json_t *o, const char *key); /* "" if it has none */
int64_t vm_number(const json_t *o, const char *key, int64_t other);
/* Whether a state means that it runs no more. */
bool vm_is_over(const json_t *state);
/* Whether its guest ended; QEMU may have been told to stay. */
bool vm_guest_is_over(const json_t *state);
/* 0, or EXIT_GUEST for one that failed; of a state that is over. */
int vm_end_code(const json_t *state);
/* "web stopped: the guest powered off", one line. */
void vm_print_end(const struct vm *vm, const json_t *state);
/* The last lines of its console on standard error. */
void vm_print_tail(const struct vm *vm);
/* A VM that is about to end has ended when this returns; it waits a few seconds at most. */
void vm_settle(const struct vm *vm);
/* The complaint that it does not run, and its exit code. */
int vm_not_running(const struct vm *vm);
/* How long QEMU may take to answer. */
int vm_answer_ms(const struct vm *vm);
/* vm_wait.c: waits until it is ready, or over; *state is the caller's. An exit code. */
int vm_wait(const struct vm *vm, bool ready, int timeout_ms, json_t **state);

/* vm_console.c: until the VM ends, the person leaves or the time is over (-1: never). */
int vm_console(const struct vm *vm, int timeout_ms, bool json);
/* vm_stop.c: asks, waits, forces; prints how it went. */
int vm_stop(const struct vm *vm, int timeout_ms, bool json);
/* One that does not run is stopped already: that is what was asked for. An exit code. */
int vm_already(const struct vm *vm, bool json);
/* vm_kill.c: nothing of it runs when this returns 0; *state is the caller's. */
int vm_kill(const struct vm *vm, json_t **state);

/* vm_socket.c: "msmv vm SOCKET VERB", on any QEMU. */
int vm_socket_verb(const struct vm *vm, const char *verb, const struct args *args);

/* vm_supervise.c */
/* Starts a supervisor for ROOT/NAME, whose vm.json is written and whose lock is held by this
   descriptor, which goes over to it; it answers when QEMU runs the guest. -1 with err. */
int vm_supervise(const char *root, const char *name, int lock, struct err *err);

#endif

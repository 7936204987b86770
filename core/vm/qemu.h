/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A QEMU process: its sockets, its start and its end. Whatever happens here or to
 * this process, no QEMU stays behind.
 */
#ifndef VM_QEMU_H
#define VM_QEMU_H

#include <stdbool.h>
#include <sys/types.h>

#include "vm/guest.h"

struct qemu {
	pid_t pid;          /* 0: not running */
	bool group;         /* before its start: it leads a process group, which ends with it */
	int status;         /* of waitpid, once it has ended */
	long rss_kib;       /* its peak memory, once it has ended */
	int qmp, console;   /* our ends; console and errors are -1 after EOF */
	int control;        /* our end of the guest's port msmv.control; -1: none, or EOF */
	int errors;         /* its standard error and output */
	int lock;           /* QEMU has this one until it ends, and does nothing with it; -1 */
	struct guest_sockets its;
};

/*
 * Makes the sockets, with control also one for the guest's control port; then argv can be
 * built with qemu.its. False: errno says why.
 */
bool qemu_open(struct qemu *qemu, bool control);
/*
 * For who only listens to the console, before qemu_start: a pipe in the socket's place. A
 * socket is full after some 300 bytes that come one by one, and a guest's serial driver
 * waits for 10 ms and then goes on without them; this one takes a megabyte.
 */
bool qemu_listen_only(struct qemu *qemu);
/* Starts it. False: errno says why, also when the program cannot be executed. */
bool qemu_start(struct qemu *qemu, char *const *argv);
/* True once it has ended and been waited for; waits for that up to so long. */
bool qemu_wait(struct qemu *qemu, int milliseconds);
/* Ends it if it runs, gently first. Returns the signal that it needed, or 0. */
int qemu_kill(struct qemu *qemu);
/* Closes what is open; qemu.qmp was handed to someone else. */
void qemu_release(struct qemu *qemu);

#endif

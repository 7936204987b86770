/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The guest's records over vsock: where this machine has it, init connects to port 1025 of
 * the host and says there what it says on the console, at once and not at a serial port's
 * pace.
 */
#ifndef VM_VSOCK_READY_H
#define VM_VSOCK_READY_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/console.h"

struct vsock_ready {
	int device;    /* /dev/vhost-vsock, which holds cid; -1: none */
	uint32_t cid;  /* the guest's number */
	int listener;  /* -1: none, or another boot has the port */
	int peer;      /* the guest's connection; -1: none (yet) */
	struct console lines;
	bool ready;    /* the ready record came */
	/* Each line, for who keeps more than that; it may be changed. Or NULL. */
	void (*on_line)(void *owner, char *line);
	void *owner;
};

/*
 * A number that no other guest of this machine has, and the port: wish if that can be had,
 * else the next; 0: any. Without vsock both are -1.
 */
void vsock_ready_open(struct vsock_ready *v, uint32_t wish);
/* The number that it got from the kernel, by a call as that of VHOST_VSOCK_SET_GUEST_CID (-1
   with errno); 0: none. */
uint32_t vsock_number(int device, uint32_t wish, int (*set)(int device, uint64_t cid));
/* Takes what has come, and never waits. True if the ready record was among it. */
bool vsock_ready_hear(struct vsock_ready *v);
void vsock_ready_close(struct vsock_ready *v);

#endif

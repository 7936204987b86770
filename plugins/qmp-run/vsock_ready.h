/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The guest's records over vsock: where this machine has it, init connects to port 1025 of
 * the host and says there what it says on the console, at once and not at a serial port's
 * pace.
 */
#ifndef QMP_RUN_VSOCK_READY_H
#define QMP_RUN_VSOCK_READY_H

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
};

/* A number that no other guest has, and the port. Without vsock both are -1. */
void vsock_ready_open(struct vsock_ready *v);
/* Takes what has come, and never waits. True if the ready record was among it. */
bool vsock_ready_hear(struct vsock_ready *v);
void vsock_ready_close(struct vsock_ready *v);

#endif

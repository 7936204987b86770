/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Ports of this machine that lead to a guest's, as people write them:
 * [ADDRESS:][HOST:]GUEST[/tcp|/udp]. Without HOST, or with 0, a free one is chosen.
 */
#ifndef VM_FORWARD_H
#define VM_FORWARD_H

#include <stdbool.h>

#include "vm/guest.h"

enum { FORWARD_ADDRESS_MAX = 64 };

/*
 * Reads text. The address is put into address, which must live as long as the forward;
 * it is IPv4, as QEMU's is. False: why says what is wrong.
 */
bool forward_parse(const char *text, char address[FORWARD_ADDRESS_MAX],
                   struct guest_forward *forward, const char **why);
/*
 * Chooses a free port for a forward. The socket that is returned keeps it from others who
 * choose; QEMU can listen on a TCP port all the same: close it when QEMU has ended. Of UDP
 * close it before QEMU starts, and choose again should the port be gone by then. -1 with
 * errno.
 */
int forward_reserve(struct guest_forward *forward);
/*
 * Takes a turn at the port of a forward that has one: who else asks for it in this network
 * namespace, for any address, gets -1 with EADDRINUSE until the descriptor that is returned
 * is closed. A program that is not of msmv is not kept away. -1 with another errno where
 * this cannot be had, or need not be waited for: EBUSY if who has it holds it for good.
 */
int forward_turn(const struct guest_forward *forward);
/* The same for who may never end. */
int forward_hold(const struct guest_forward *forward);

#endif

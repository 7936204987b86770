/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Sockets between this machine and a guest: the guest's number, and the two ways to one of
 * its ports. QEMU's guests are reached through AF_VSOCK; those of other monitors through a
 * unix socket of theirs, to which one says "CONNECT PORT" first.
 */
#ifndef VM_VSOCK_H
#define VM_VSOCK_H

#include <stddef.h>
#include <stdint.h>

enum { VSOCK_CID_FIRST = 3, VSOCK_CONTROL_PORT = 1026 };

/*
 * The same number for the same name as long as none of taken has it, else the next free
 * one. From 3 on: 0 to 2 are the hypervisor, this machine and its own loopback.
 */
uint32_t vsock_cid(const char *name, const uint32_t *taken, size_t count);
/* Whether QEMU can give a guest one: /dev/vhost-vsock is there and opens. */
_Bool vsock_usable(void);
/*
 * The same word of QEMU's command line with another number, and with the open device that
 * holds it; NULL if this word is no vsock device with the number cid, else the caller frees.
 */
char *vsock_word(const char *word, uint32_t cid, uint32_t number, int device);
/* A connection to a port of a guest of QEMU's that is not yet complete when it returns
   (O_NONBLOCK); -1 with errno. */
int vsock_connect(uint32_t cid, uint32_t port);
/*
 * Asks for a port on a monitor's unix socket, in so many milliseconds. What the guest sent
 * right behind the "OK" is in rest, *size (in: its room) bytes of it: nothing is lost. -1
 * with errno; EPROTO: the answer is no OK.
 */
int vsock_handshake(int fd, uint32_t port, int timeout_ms, char *rest, size_t *size);

#endif

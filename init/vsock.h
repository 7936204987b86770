/* SPDX-License-Identifier: GPL-3.0-only */
/* Sockets between a guest and its host. Descriptors do not block and close at exec. */
#ifndef INIT_VSOCK_H
#define INIT_VSOCK_H

#define VSOCK_HOST 2 /* the CID of the host */

/* Whether there is a vsock device. */
int vsock_is_there(void);
/* -1 with errno. */
int vsock_listen(unsigned port);
/* The next who calls there, or -1 with errno; EPERM, and gone: it was not the host. */
int vsock_accept(int listener);
/* A socket that can be written once it is connected, or -1 with errno. */
int vsock_connect(unsigned cid, unsigned port);

#endif

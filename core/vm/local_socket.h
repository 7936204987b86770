/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Unix sockets under names of any length. A socket's address has room for 107 bytes,
 * and a VM's folder is soon longer than that.
 */
#ifndef VM_LOCAL_SOCKET_H
#define VM_LOCAL_SOCKET_H

/* A connected socket; -1 with errno. ENOTSOCK when something else has that name. */
int local_socket_connect(const char *path);
/* A listening one that only its owner may use; what has the name already is replaced
   if it is a socket. -1 with errno. */
int local_socket_listen(const char *path);

#endif

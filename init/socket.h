/* SPDX-License-Identifier: GPL-3.0-only */
/* Listeners without a machine: a file, or a TCP port. */
#ifndef INIT_SOCKET_H
#define INIT_SOCKET_H

/* A socket at the path, in place of what was there. -1 with errno. */
int socket_at_file(const char *path);
/* At 127.0.0.1. -1 with errno. */
int socket_at_port(unsigned port);
/* Removes the file, if there is one. */
void socket_remove(void);

#endif

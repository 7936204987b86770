/* SPDX-License-Identifier: GPL-3.0-only */
/* virtio-serial ports, which have a name that the host gives. */
#ifndef INIT_PORT_H
#define INIT_PORT_H

/* A descriptor that does not block of the port with this name; -1 if there is none. */
int port_open(const char *name);

#endif

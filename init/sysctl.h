/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's settings below /proc/sys. */
#ifndef INIT_SYSCTL_H
#define INIT_SYSCTL_H

/* "net.ipv4.ip_forward=1", with / in place of the dots where a name has dots of its own. */
int sysctl_set(const char *pair);

#endif

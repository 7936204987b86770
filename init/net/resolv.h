/* SPDX-License-Identifier: GPL-3.0-only */
/* resolv.conf of all interfaces together. */
#ifndef NET_RESOLV_H
#define NET_RESOLV_H

struct config;
struct nic;
struct out;

/*
 * Name servers and search domains of leases and routers, in the order of the interfaces;
 * those of the recipe if there are none of their kind.
 */
void resolv_make(struct out *, const struct config *, const struct nic *nics, unsigned count);

#endif

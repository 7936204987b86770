/* SPDX-License-Identifier: GPL-3.0-only */
/* What the two ways to configure a network have in common. */
#ifndef ROOTFS_NETWORK_H
#define ROOTFS_NETWORK_H

#include <stdint.h>

struct msmv_stage;

#define NET_INTERFACE "eth0" /* when an address has none */

#define NET_WAIT_MS 5000 /* msmv-net's own */

/* Addresses as numbers, 0 for one that is not given. */
struct network {
	uint32_t address, mask, gateway;
	int prefix; /* behind ip_address; 0: none */
};

/* enable, or an address. */
int network_wanted(struct msmv_stage *);
/* How long applications wait for msmv-net. */
long long network_wait_ms(struct msmv_stage *);
/* One IPv4 address with what belongs to it; -1 and the failures recorded. */
int network_static(struct msmv_stage *, struct network *);
/* -1 and the failures recorded when net_dns holds what is no address. */
int network_resolvers(struct msmv_stage *);

#endif

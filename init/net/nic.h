/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One network interface: what the kernel says of it, what is to be done with it, and the
 * protocols that run on it.
 */
#ifndef NET_NIC_H
#define NET_NIC_H

#include <stdint.h>

#include "config.h"
#include "dhcp4.h"
#include "dhcp6.h"
#include "kernel.h"
#include "slaac.h"

#define NIC_ADDRESSES6 12
/* That the routes of one interface may have: the recipe's, then routers by preference. */
#define NIC_METRICS (1 + (RA_HIGH + 1) * SLAAC_ROUTERS)
#define NIC_ROUTES4 (2 * (DHCP4_ROUTES + 1)) /* while a lease is renewed old and new ones */

struct packet;

struct nic_address6 {
	struct ip6 address;
	int bits, tentative;
	uint64_t until;
};

struct nic {
	int index; /* of the kernel; 0: this place is free */
	char name[LINK_NAME_BYTES];
	uint8_t mac[MAC_BYTES];
	uint32_t mtu, mtu_first; /* now; before anybody changed it */
	int carrier;
	int listed; /* it was in the last list of all */
	unsigned metric; /* of the recipe's routes; learnt ones have up to NIC_METRICS more */
	int swept;       /* what was left of a lease is gone */
	const struct plan *plan; /* never NULL in a place that is used */

	int dhcp4_fd, arp_fd, udp4_fd, icmp6_fd, dhcp6_fd; /* -1: not open */
	struct dhcp4 dhcp4;
	struct dhcp4_port dhcp4_port;
	struct slaac slaac;
	struct slaac_port slaac_port;
	struct dhcp6 dhcp6;
	struct dhcp6_port dhcp6_port;

	int static4;       /* all addresses of the plan are there */
	uint32_t address4; /* of the lease, as the kernel has it; 0: none */
	int bits4;
	int lease_hostname; /* the lease's name wins over the machine's */
	struct kernel_route4 routes4[NIC_ROUTES4]; /* of the lease */
	unsigned route4_count;
	struct nic_address6 addresses6[NIC_ADDRESSES6]; /* as the kernel has them */
	unsigned address6_count;
	struct ip6 link_local; /* one that may be used; ::: there is none yet */
	int running6;          /* routers were asked since the carrier came */
	int managed;           /* a router said so, now or before */
};

/* Takes an interface over; the place was free. */
void nic_open(struct nic *, const struct kernel_link *, const struct plan *, unsigned metric);
/* The interface is gone. */
void nic_close(struct nic *);
/* The kernel says that it has changed. */
void nic_link(struct nic *, const struct kernel_link *, uint64_t now);
void nic_address(struct nic *, const struct kernel_address *, uint64_t now);
/* A socket of this interface has something. */
void nic_readable(struct nic *, int fd, struct packet *, uint64_t now);
void nic_timeout(struct nic *, uint64_t now);
uint64_t nic_deadline(const struct nic *);
/* Gives leases back: the machine ends. */
void nic_release(struct nic *, uint64_t now);
/* Removes what a helper before this one has left, of a family, and is not given any more. */
void nic_sweep(struct nic *, int family);
/* An IPv4 address; an IPv6 address that is more than link-local and not tentative. */
int nic_has_ipv4(const struct nic *);
int nic_has_ipv6(const struct nic *);

/* nic4.c, nic4_lease.c, nic6.c and nic6_given.c: the family's part of the above. */
void nic4_open(struct nic *);
void nic4_static(struct nic *); /* when it is up, with a carrier or without */
void nic4_carrier(struct nic *, uint64_t now);
void nic4_close(struct nic *);
/* The lease is made in the kernel, or made complete again; and taken away. */
void nic4_lease_set(struct nic *, const struct dhcp4_lease *);
void nic4_lease_drop(struct nic *);
int nic4_holds(const struct nic *, const struct kernel_own *);
/* The machine's name, "" if it has none; valid until the next call. */
const char *nic4_hostname(void);
void nic4_readable(struct nic *, int fd, struct packet *, uint64_t now);
void nic6_open(struct nic *);
void nic6_prepare(struct nic *); /* before the interface goes up */
void nic6_carrier(struct nic *, uint64_t now);
void nic6_close(struct nic *);
/* All that was given is made in the kernel once more. */
void nic6_again(struct nic *);
int nic6_holds(const struct nic *, const struct kernel_own *);
unsigned nic6_has_gateway(const struct nic *);
void nic6_address(struct nic *, const struct kernel_address *, uint64_t now);
void nic6_readable(struct nic *, int fd, struct packet *, uint64_t now);

/* Closes *fd, if it is open. */
void fd_close(int *fd);
/* Says at level warn that the kernel refused something, if error is not 0. */
void nic_complain(const struct nic *, const char *what, int error);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Interfaces, addresses and routes as the kernel has them. Functions return 0 or errno. */
#ifndef NET_KERNEL_H
#define NET_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define LINK_NAME_BYTES 16

struct kernel_link {
	int index, gone;
	char name[LINK_NAME_BYTES];
	uint8_t mac[MAC_BYTES];
	uint32_t mtu;
	int ethernet, loopback;
	int hardware; /* no program made it: no bridge, veth, tunnel */
	int up, carrier;
};

/* An IPv6 address; 128 bits unless it brings a route to its network. */
struct kernel_address {
	int index, gone;
	struct ip6 address;
	int bits;
	int tentative, duplicate; /* nobody has objected yet; somebody has */
	uint32_t valid_s;         /* UINT32_MAX: no end */
};

struct kernel_route4 {
	uint32_t to, via; /* via 0: on the link */
	int bits;
	uint32_t source; /* the route goes when this address does; 0: none */
	uint32_t metric;
	int onlink; /* via is reached over the link, whatever other routes say */
	int protocol;
};

struct kernel_route6 {
	const struct ip6 *to, *via; /* via NULL: on the link; to NULL: everywhere */
	int bits;
	uint32_t metric, lifetime_s; /* UINT32_MAX: no end */
	int onlink; /* as above */
	int protocol;
};

/* An address, or a route of the main table, that this program or one before it has made. */
struct kernel_own {
	int family, index;
	int is_route;
	int bits;
	struct ip6 to, via; /* via ::: on the link. Of IPv4 the first four bytes */
	uint32_t metric;
};

struct kernel_visitor {
	void *arg;
	void (*link)(void *arg, const struct kernel_link *);
	void (*address)(void *arg, const struct kernel_address *);
};

/* Opens the way for requests; events gets a descriptor that is readable after changes. */
int kernel_open(int *events);
/* Visits what there is now: interfaces first. */
int kernel_list(const struct kernel_visitor *);
/* Visits what has changed, or some of it if that is a lot. ENOBUFS: changes were lost, list
 * again. */
int kernel_changes(int events, const struct kernel_visitor *);
/* Removes what keep does not want of all that is own, of one family or of all (AF_UNSPEC). */
int kernel_sweep(int family, int (*keep)(void *arg, const struct kernel_own *), void *arg);

struct request;
/* One request and its answer. */
int kernel_ask(const struct request *);
int kernel_link_up(int index);
int kernel_link_mtu(int index, uint32_t mtu);
/* Made, or its time changed. */
int kernel_address4_add(int index, uint32_t address, int bits, uint32_t valid_s, uint32_t metric);
int kernel_address4_remove(int index, uint32_t address, int bits);
int kernel_address6_add(int index, const struct ip6 *, int bits, uint32_t preferred_s,
	uint32_t valid_s, int with_route);
int kernel_address6_remove(int index, const struct ip6 *, int bits);
int kernel_route4_add(int index, const struct kernel_route4 *);
int kernel_route4_remove(int index, const struct kernel_route4 *);
int kernel_route6_add(int index, const struct kernel_route6 *);
int kernel_route6_remove(int index, const struct kernel_route6 *);

/* /proc/sys/net/ipv6/conf/NAME/KEY. */
int kernel_ipv6_set(const char *name, const char *key, uint32_t value);

#endif

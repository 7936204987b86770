/* SPDX-License-Identifier: GPL-3.0-only */
/* A lease as the kernel gets it: the address, its routes, MTU and host name. */
#include "nic.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "error.h"
#include "log.h"
#include "rtnl.h"

#define MTU_LEAST 576   /* RFC 791: what every host takes */
#define MTU_LEAST6 1280 /* with less the kernel ends IPv6 */

static int
route_same(const struct kernel_route4 *a, const struct kernel_route4 *b)
{
	return a->to == b->to && a->via == b->via && a->bits == b->bits && a->source == b->source;
}

/* The first of those that were there before: they go once the new ones are there. */
static void
routes_drop(struct nic *n, unsigned keep)
{
	const struct kernel_route4 *old = n->routes4, *new = old + keep;
	unsigned count = n->route4_count - keep;

	for (unsigned i = 0; i < keep; i++) {
		unsigned k = 0;

		while (k < count && !route_same(&old[i], &new[k]))
			k++;
		if (k == count)
			kernel_route4_remove(n->index, &old[i]);
	}
	for (unsigned k = 0; k < count; k++)
		n->routes4[k] = new[k];
	n->route4_count = count;
}

static void
route_add(struct nic *n, const struct kernel_route4 *t)
{
	int error;

	if (n->route4_count == NIC_ROUTES4)
		return;
	error = kernel_route4_add(n->index, t);
	nic_complain(n, "a route of the lease", error);
	if (!error)
		n->routes4[n->route4_count++] = *t;
}

static int
is_neighbour(const struct dhcp4_lease *l, uint32_t address)
{
	return l->bits < 32 &&
	       (address & ipv4_mask(l->bits)) == (l->address & ipv4_mask(l->bits));
}

/*
 * A router outside of the lease's network, as 169.254.0.1 of a /32, is on the link all the
 * same: it gets a route of its own, and then others may lead through it.
 */
static void
routes_add(struct nic *n, const struct dhcp4_lease *l)
{
	struct dhcp4_route simple = {.via = l->router};
	const struct dhcp4_route *list = l->classless ? l->routes : &simple;
	unsigned count = l->classless ? l->route_count : l->router != 0;
	uint32_t known = 0, metric = n->metric + (n->plan->gateway != 0);

	for (unsigned i = 0; i < count; i++) {
		struct kernel_route4 t = {.to = list[i].to,
			.via = list[i].via,
			.bits = list[i].bits,
			.source = l->address,
			.metric = metric,
			.onlink = 1,
			.protocol = FROM_DHCP};
		struct kernel_route4 host = {.to = t.via,
			.bits = 32,
			.source = l->address,
			.metric = metric,
			.protocol = FROM_DHCP};

		if (t.via && !is_neighbour(l, t.via) && t.via != known && !l->classless)
			route_add(n, &host);
		known = t.via;
		route_add(n, &t);
	}
}

/* The link's MTU is the recipe's; else the server's, but no more than the link can. */
static void
mtu_set(struct nic *n, unsigned mtu)
{
	uint32_t least = n->plan->no_ipv6 ? MTU_LEAST : MTU_LEAST6;
	uint32_t wanted = mtu >= least && mtu < n->mtu_first ? mtu : n->mtu_first;

	if (n->plan->mtu || wanted == n->mtu)
		return;
	nic_complain(n, "the lease's MTU", kernel_link_mtu(n->index, wanted));
}

const char *
nic4_hostname(void)
{
	static char name[HOST_BYTES];

	if (gethostname(name, sizeof(name) - 1) != 0 || strcmp(name, "(none)") == 0 ||
		strcmp(name, "localhost") == 0)
		return "";
	return name;
}

/* A name for a machine that has none, or whose recipe leaves it to the lease. */
static void
hostname_set(const struct nic *n, const char *name)
{
	const char *mine = nic4_hostname();

	if (name[0] == '\0' || (!n->lease_hostname && mine[0] != '\0'))
		return;
	if (strcmp(mine, name) != 0 && sethostname(name, strlen(name)) != 0)
		nic_complain(n, "the lease's host name", errno);
}

void
nic4_lease_set(struct nic *n, const struct dhcp4_lease *l)
{
	uint32_t left = time_left_s(n->dhcp4.expires, clock_now());
	unsigned before = n->route4_count;
	int error;

	if (!n->swept) {
		n->swept = 1;
		n->address4 = l->address;
		n->bits4 = l->bits;
		/* First, as with the first address of a network all others of it go. */
		nic_sweep(n, AF_INET);
	}
	mtu_set(n, l->mtu);
	error = kernel_address4_add(n->index, l->address, l->bits, left, n->metric);
	nic_complain(n, "the lease's address", error);
	routes_add(n, l);
	routes_drop(n, before);
	if (n->address4 && n->bits4 != l->bits)
		kernel_address4_remove(n->index, n->address4, n->bits4);
	hostname_set(n, l->hostname);
	n->address4 = error ? 0 : l->address;
	n->bits4 = l->bits;
}

void
nic4_lease_drop(struct nic *n)
{
	routes_drop(n, n->route4_count);
	/* At the very end of a lease the kernel may have been quicker. */
	kernel_address4_remove(n->index, n->address4, n->bits4);
	mtu_set(n, 0);
	n->address4 = 0;
}

/* Static ones are in the plan of each helper of this machine. */
int
nic4_holds(const struct nic *n, const struct kernel_own *o)
{
	uint32_t to = get32(o->to.byte), via = get32(o->via.byte);

	if (!o->is_route && to == n->address4 && o->bits == n->bits4)
		return 1;
	for (unsigned i = 0; !o->is_route && i < n->plan->address4_count; i++)
		if (n->plan->address4[i].address == to && n->plan->address4[i].bits == o->bits)
			return 1;
	for (unsigned i = 0; o->is_route && i < n->route4_count; i++)
		if (n->routes4[i].to == to && n->routes4[i].via == via &&
			n->routes4[i].bits == o->bits && n->routes4[i].metric == o->metric)
			return 1;
	return 0;
}

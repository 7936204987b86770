/* SPDX-License-Identifier: GPL-3.0-only */
/* IPv4 on one interface: addresses of the recipe, or a lease with all that it brings. */
#include "nic.h"

#include <errno.h>
#include <net/ethernet.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "frame.h"
#include "log.h"
#include "out.h"
#include "rtnl.h"
#include "sockets.h"

#define MTU_LEAST 576   /* RFC 791: what every host takes */
#define MTU_LEAST6 1280 /* with less the kernel ends IPv6 */

static void
say_address(const struct nic *n, const char *what, uint32_t address, int bits, const char *why)
{
	char text[80];
	struct out o;

	out_init(&o, text, sizeof(text));
	out_ipv4(&o, address);
	out_fmt(&o, "/%d", bits);
	net_log(NET_INFO, "%s: %s %s%s%s", n->name, what, text, why ? ": " : "", why ? why : "");
}

static void
on_send(void *arg, const uint8_t *message, size_t size, uint32_t from, uint32_t to)
{
	struct nic *n = arg;
	uint8_t frame[FRAME_HEADERS + DHCP4_BUILT];
	int failed;

	if (!n->carrier)
		return;
	if (from != 0 && n->udp4_fd < 0)
		n->udp4_fd = socket_udp4(n->name, from);
	if (from != 0 && n->udp4_fd >= 0) {
		failed = send_udp4(n->udp4_fd, message, size, to ? to : UINT32_MAX);
	} else {
		memcpy(frame + FRAME_HEADERS, message, size);
		size = frame_wrap(frame, size, from, UINT32_MAX);
		failed = send_broadcast(n->dhcp4_fd, n->index, ETH_P_IP, frame, size);
	}
	if (failed)
		net_log(NET_DEBUG, "%s: DHCPv4: %s", n->name, error_text(errno));
}

static void
on_arp(void *arg, uint32_t from, uint32_t address)
{
	struct nic *n = arg;
	uint8_t packet[ARP_BYTES];

	if (n->arp_fd < 0)
		n->arp_fd = socket_arp(n->index);
	arp_build(packet, n->mac, from, address);
	if (n->arp_fd >= 0)
		send_broadcast(n->arp_fd, n->index, ETH_P_ARP, packet, sizeof(packet));
	/* Others' packets are of interest only while they may object. */
	if (from)
		fd_close(&n->arp_fd);
}

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

/* The machine's name, if it has one; valid until the next call. */
static const char *
hostname_mine(void)
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
	const char *mine = hostname_mine();

	if (name[0] == '\0' || (!n->lease_hostname && mine[0] != '\0'))
		return;
	if (strcmp(mine, name) != 0 && sethostname(name, strlen(name)) != 0)
		nic_complain(n, "the lease's host name", errno);
}

static void
on_bound(void *arg, const struct dhcp4_lease *l)
{
	struct nic *n = arg;
	uint32_t left = time_left_s(n->dhcp4.expires, clock_now());
	unsigned before = n->route4_count;
	int error;

	fd_close(&n->arp_fd);
	say_address(n, "has the lease of", l->address, l->bits, NULL);
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

static void
on_lost(void *arg, const char *why)
{
	struct nic *n = arg;

	net_log(NET_WARN, "%s: %s", n->name, why);
	fd_close(&n->udp4_fd);
	routes_drop(n, n->route4_count);
	/* At the very end of a lease the kernel may have been quicker. */
	kernel_address4_remove(n->index, n->address4, n->bits4);
	mtu_set(n, 0);
	n->address4 = 0;
}

void
nic4_open(struct nic *n)
{
	n->dhcp4_port = (struct dhcp4_port){n, on_send, on_arp, on_bound, on_lost};
	dhcp4_init(&n->dhcp4, &n->dhcp4_port, n->mac);
}

void
nic4_static(struct nic *n)
{
	const struct plan *p = n->plan;
	int error = p->address4_count == 0;
	struct kernel_route4 t = {
		.via = p->gateway, .metric = n->metric, .onlink = 1, .protocol = FROM_STATIC};

	for (unsigned i = 0; i < p->address4_count; i++) {
		int failed = kernel_address4_add(n->index, p->address4[i].address,
			p->address4[i].bits, UINT32_MAX, n->metric);

		nic_complain(n, "its address", failed);
		error |= failed;
	}
	if (p->gateway)
		nic_complain(n, "its gateway", kernel_route4_add(n->index, &t));
	n->static4 = !error;
}

void
nic4_carrier(struct nic *n, uint64_t now)
{
	if (!n->carrier) {
		if (!dhcp4_is_bound(&n->dhcp4))
			dhcp4_stop(&n->dhcp4, NULL);
		return;
	}
	nic4_static(n);
	if (!n->plan->dhcp4)
		return;
	n->dhcp4.hostname = hostname_mine();
	if (n->dhcp4_fd < 0)
		n->dhcp4_fd = socket_dhcp4(n->index, n->mac);
	if (n->dhcp4_fd < 0)
		nic_complain(n, "DHCPv4 needs packet sockets", errno);
	else
		dhcp4_resume(&n->dhcp4, now);
}

void
nic4_close(struct nic *n)
{
	fd_close(&n->dhcp4_fd);
	fd_close(&n->arp_fd);
	fd_close(&n->udp4_fd);
}

void
nic4_readable(struct nic *n, int fd, struct packet *p, uint64_t now)
{
	const uint8_t *message;
	const char *why;
	size_t size = 0;

	/* No neighbour may keep this program busy with one socket. */
	for (unsigned i = 0; i < PACKETS_AT_ONCE && packet_receive(fd, p) == 0; i++) {
		if (fd == n->arp_fd) {
			if (!arp_conflicts(p->data, p->size, n->mac, n->dhcp4.lease.address))
				continue;
			net_log(NET_WARN, "%s: another machine has the address that was offered",
				n->name);
			fd_close(&n->arp_fd);
			dhcp4_conflict(&n->dhcp4, now);
			return;
		}
		message = frame_open(p->data, p->size, p->checked, &size);
		why = message ? dhcp4_receive(&n->dhcp4, message, size, now) : "damaged";
		if (why)
			net_log(NET_DEBUG, "%s: a DHCPv4 message was ignored: %s", n->name, why);
	}
}

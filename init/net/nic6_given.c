/* SPDX-License-Identifier: GPL-3.0-only */
/* What IPv6 routers and DHCPv6 servers give, as the kernel gets it. */
#include "nic.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "log.h"
#include "rtnl.h"
#include "sockets.h"

#define MTU_LEAST 1280

static void
on_solicit(void *arg)
{
	struct nic *n = arg;
	uint8_t message[RS_BYTES];

	rs_build(message, n->mac);
	if (n->icmp6_fd >= 0 && n->carrier &&
		send_routers(n->icmp6_fd, n->index, message, sizeof(message)) != 0)
		net_log(NET_DEBUG, "%s: no router was asked: %s", n->name, error_text(errno));
}

static void
on_address(void *arg, const struct slaac_prefix *p)
{
	struct nic *n = arg;
	uint64_t now = clock_now();

	nic_complain(n, "an address by a router",
		kernel_address6_add(n->index, &p->address, p->bits,
			time_left_s(p->preferred_until, now), time_left_s(p->valid_until, now), 0));
}

static void
on_address_gone(void *arg, const struct slaac_prefix *p)
{
	struct nic *n = arg;

	kernel_address6_remove(n->index, &p->address, p->bits);
}

static struct kernel_route6
link_route(const struct nic *n, const struct slaac_prefix *p)
{
	return (struct kernel_route6){.to = &p->prefix,
		.bits = p->bits,
		.metric = n->metric,
		.lifetime_s = time_left_s(p->link_until, clock_now()),
		.protocol = FROM_RA};
}

static void
on_link(void *arg, const struct slaac_prefix *p)
{
	struct nic *n = arg;
	struct kernel_route6 t = link_route(n, p);

	nic_complain(n, "a network on the link", kernel_route6_add(n->index, &t));
}

static void
on_link_gone(void *arg, const struct slaac_prefix *p)
{
	struct nic *n = arg;
	struct kernel_route6 t = link_route(n, p);

	kernel_route6_remove(n->index, &t);
}

unsigned
nic6_has_gateway(const struct nic *n)
{
	static const struct ip6 none;

	return !ipv6_equal(&n->plan->gateway6, &none);
}

/*
 * Each router has a metric of its own, or the kernel would take turns with them: those of
 * a higher preference the better ones.
 */
static struct kernel_route6
default_route(const struct nic *n, const struct slaac_router *r, unsigned place)
{
	return (struct kernel_route6){.via = &r->address,
		.metric = n->metric + nic6_has_gateway(n) + (RA_HIGH - r->preference) * SLAAC_ROUTERS +
			  place,
		.lifetime_s = time_left_s(r->until, clock_now()),
		.protocol = FROM_RA};
}

static void
on_router(void *arg, const struct slaac_router *r, unsigned place)
{
	struct nic *n = arg;
	struct kernel_route6 t = default_route(n, r, place);

	nic_complain(n, "a default route", kernel_route6_add(n->index, &t));
}

static void
on_router_gone(void *arg, const struct slaac_router *r, unsigned place)
{
	struct nic *n = arg;
	struct kernel_route6 t = default_route(n, r, place);

	kernel_route6_remove(n->index, &t);
}

/* Addresses by DHCPv6 only if a router says so; prefixes if the recipe does. */
static void
dhcp6_choose(struct nic *n, const struct ra *ra)
{
	int delegation = n->plan->delegation != 0;

	n->managed |= ra->managed;
	if (!n->managed && !delegation && !ra->other)
		return;
	if (n->dhcp6_fd < 0)
		n->dhcp6_fd = socket_dhcp6(n->index, n->name, &n->link_local);
	if (n->dhcp6_fd < 0)
		nic_complain(n, "no DHCPv6", errno);
	else
		dhcp6_want(&n->dhcp6, n->managed, delegation, clock_now());
}

static void
on_advertised(void *arg, const struct ra *ra)
{
	struct nic *n = arg;

	if (!ra)
		return;
	if (ra->mtu >= MTU_LEAST && ra->mtu <= n->mtu)
		kernel_ipv6_set(n->name, "mtu", ra->mtu);
	if (ra->hop_limit)
		kernel_ipv6_set(n->name, "hop_limit", ra->hop_limit);
	dhcp6_choose(n, ra);
}

static void
on_dhcp6_send(void *arg, const uint8_t *message, size_t size)
{
	struct nic *n = arg;

	if (n->dhcp6_fd >= 0 && n->carrier && send_dhcp6(n->dhcp6_fd, n->index, message, size) != 0)
		net_log(NET_DEBUG, "%s: DHCPv6: %s", n->name, error_text(errno));
}

static void
on_dhcp6_changed(void *arg)
{
	struct nic *n = arg;
	const struct dhcp6_bond *b = &n->dhcp6.addresses;
	uint64_t now = clock_now();

	for (unsigned i = 0; dhcp6_is_bound(&n->dhcp6) && i < b->ia.count; i++)
		nic_complain(n, "an address by DHCPv6",
			kernel_address6_add(n->index, &b->ia.leases[i].address, 128,
				time_left_s(b->preferred_until[i], now),
				time_left_s(b->valid_until[i], now), 0));
}

static void
on_dhcp6_address_gone(void *arg, const struct dhcp6_lease *l)
{
	struct nic *n = arg;

	kernel_address6_remove(n->index, &l->address, 128);
}

void
nic6_again(struct nic *n)
{
	slaac_again(&n->slaac);
	on_dhcp6_changed(n);
}

static int
holds_route(const struct nic *n, const struct kernel_own *o)
{
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++) {
		const struct slaac_router *r = &n->slaac.routers[i];

		if (r->used && ipv6_equal(&r->address, &o->via) &&
			default_route(n, r, i).metric == o->metric)
			return 1;
	}
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		const struct slaac_prefix *p = &n->slaac.prefixes[i];

		if (p->link_until && p->bits == o->bits && ipv6_equal(&p->prefix, &o->to))
			return 1;
	}
	return 0;
}

int
nic6_holds(const struct nic *n, const struct kernel_own *o)
{
	const struct dhcp6_ia *ia = &n->dhcp6.addresses.ia;

	if (o->is_route)
		return holds_route(n, o);
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++)
		if (n->slaac.prefixes[i].autonomous &&
			ipv6_equal(&n->slaac.prefixes[i].address, &o->to))
			return 1;
	for (unsigned i = 0; dhcp6_is_bound(&n->dhcp6) && i < ia->count; i++)
		if (ipv6_equal(&ia->leases[i].address, &o->to))
			return 1;
	for (unsigned i = 0; i < n->plan->address6_count; i++)
		if (ipv6_equal(&n->plan->address6[i].address, &o->to))
			return 1;
	return 0;
}

void
nic6_open(struct nic *n)
{
	n->slaac_port = (struct slaac_port){n, on_solicit, on_address, on_address_gone, on_link,
		on_link_gone, on_router, on_router_gone, on_advertised};
	slaac_init(&n->slaac, &n->slaac_port, n->mac);
	n->dhcp6_port = (struct dhcp6_port){
		n, on_dhcp6_send, on_dhcp6_changed, on_dhcp6_address_gone};
	duid_choose(n->mac);
	dhcp6_init(&n->dhcp6, &n->dhcp6_port, n->mac);
}


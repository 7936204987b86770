/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * IPv6 on one interface. The kernel makes the link-local address and looks for duplicates
 * of all addresses, as it is better at that; what routers and servers say is taken here,
 * with the kernel's own ears closed.
 */
#include "nic.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "log.h"
#include "out.h"
#include "rtnl.h"
#include "sockets.h"

void
nic6_prepare(struct nic *n)
{
	int error = kernel_ipv6_set(n->name, "disable_ipv6", n->plan->no_ipv6);

	if (error)
		net_log(NET_INFO, "%s: no IPv6: %s", n->name, error_text(error));
	kernel_ipv6_set(n->name, "accept_ra", 0);
	kernel_ipv6_set(n->name, "autoconf", 0);
}

static void
static_add(struct nic *n)
{
	const struct plan *p = n->plan;
	struct kernel_route6 t = {.via = &p->gateway6,
		.metric = n->metric,
		.lifetime_s = UINT32_MAX,
		.onlink = 1,
		.protocol = FROM_STATIC};

	for (unsigned i = 0; i < p->address6_count; i++)
		nic_complain(n, "its address",
			kernel_address6_add(n->index, &p->address6[i].address, p->address6[i].bits,
				UINT32_MAX, UINT32_MAX, 1));
	if (nic6_has_gateway(n))
		nic_complain(n, "its gateway", kernel_route6_add(n->index, &t));
}

/* Once there are a carrier and an address to ask from. */
static void
start(struct nic *n, uint64_t now)
{
	static const struct ip6 none;

	if (n->running6 || !n->carrier || !n->plan->router6 || ipv6_equal(&n->link_local, &none))
		return;
	if (n->icmp6_fd < 0)
		n->icmp6_fd = socket_icmp6(n->index, n->name);
	if (n->icmp6_fd < 0)
		nic_complain(n, "no router can be heard", errno);
	n->running6 = 1;
	/* The kernel drops all when an interface goes down. */
	nic6_again(n);
	slaac_start(&n->slaac, now);
	dhcp6_resume(&n->dhcp6, now);
}

void
nic6_carrier(struct nic *n, uint64_t now)
{
	n->running6 = 0;
	if (!n->carrier)
		return;
	static_add(n);
	start(n, now);
}

void
nic6_close(struct nic *n)
{
	fd_close(&n->icmp6_fd);
	fd_close(&n->dhcp6_fd);
}

static void
say_address(const struct nic *n, enum net_level level, const char *what, const struct ip6 *a)
{
	char text[48];
	struct out o;

	out_init(&o, text, sizeof(text));
	out_ipv6(&o, a);
	net_log(level, "%s: %s %s", n->name, what, text);
}

static void
duplicate(struct nic *n, const struct ip6 *address, int bits, uint64_t now)
{
	say_address(n, NET_WARN, "another machine has the address", address);
	kernel_address6_remove(n->index, address, bits);
	slaac_duplicate(&n->slaac, address);
	dhcp6_duplicate(&n->dhcp6, address, now);
}

/* The address's place; a new one if there is room for it. */
static struct nic_address6 *
place(struct nic *n, const struct ip6 *address)
{
	unsigned i = 0;

	while (i < n->address6_count && !ipv6_equal(&n->addresses6[i].address, address))
		i++;
	if (i == NIC_ADDRESSES6)
		return NULL;
	if (i == n->address6_count)
		n->addresses6[n->address6_count++] = (struct nic_address6){.address = *address};
	return &n->addresses6[i];
}

void
nic6_address(struct nic *n, const struct kernel_address *a, uint64_t now)
{
	struct nic_address6 *known = place(n, &a->address);

	if (!known)
		return;
	if (a->gone || a->duplicate) {
		if (ipv6_equal(&n->link_local, &a->address))
			n->link_local = (struct ip6){{0}};
		*known = n->addresses6[--n->address6_count];
		if (a->duplicate && !ipv6_is_link_local(&a->address))
			duplicate(n, &a->address, a->bits, now);
		return;
	}
	if (!a->tentative && (known->tentative || known->bits == 0) &&
		!ipv6_is_link_local(&a->address))
		say_address(n, NET_INFO, "has the address", &a->address);
	known->bits = a->bits;
	known->tentative = a->tentative;
	known->until = time_after(now, a->valid_s);
	if (ipv6_is_link_local(&a->address) && !a->tentative) {
		n->link_local = a->address;
		start(n, now);
	}
}

void
nic6_readable(struct nic *n, int fd, struct packet *p, uint64_t now)
{
	const char *why;

	for (unsigned i = 0; i < PACKETS_AT_ONCE && packet_receive(fd, p) == 0; i++) {
		if (fd == n->icmp6_fd)
			why = slaac_receive(&n->slaac, p->data, p->size, p->hop_limit, &p->source, now);
		else
			why = dhcp6_receive(&n->dhcp6, p->data, p->size, now);
		if (why)
			net_log(NET_DEBUG, "%s: %s was ignored: %s", n->name,
				fd == n->icmp6_fd ? "an advertisement" : "a DHCPv6 message", why);
	}
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Both families of one interface begin and end with its carrier and nowhere else. */
#include "nic.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "log.h"
#include "sockets.h"

void
fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
nic_complain(const struct nic *n, const char *what, int error)
{
	if (error)
		net_log(NET_WARN, "%s: %s: %s", n->name, what, error_text(error));
}

void
nic_open(struct nic *n, const struct kernel_link *l, const struct plan *plan, unsigned metric)
{
	*n = (struct nic){.index = l->index,
		.mtu = l->mtu,
		.mtu_first = l->mtu,
		.plan = plan,
		.metric = metric,
		.dhcp4_fd = -1,
		.arp_fd = -1,
		.udp4_fd = -1,
		.icmp6_fd = -1,
		.dhcp6_fd = -1};
	memcpy(n->name, l->name, sizeof(n->name));
	memcpy(n->mac, l->mac, sizeof(n->mac));
	nic4_open(n);
	nic6_open(n);
	nic6_prepare(n);
	/* Two requests: one with a wrong MTU would be refused as a whole. */
	if (plan->mtu)
		nic_complain(n, "its MTU", kernel_link_mtu(n->index, plan->mtu));
	nic_complain(n, "cannot be brought up", kernel_link_up(n->index));
	nic4_static(n);
}

void
nic_close(struct nic *n)
{
	nic4_close(n);
	nic6_close(n);
	n->index = 0;
}

void
nic_link(struct nic *n, const struct kernel_link *l, uint64_t now)
{
	int carrier = n->carrier;

	memcpy(n->name, l->name, sizeof(n->name));
	n->mtu = l->mtu;
	n->carrier = l->carrier;
	if (carrier == n->carrier)
		return;
	net_log(NET_INFO, "%s: %s", n->name, n->carrier ? "has a carrier" : "lost its carrier");
	nic4_carrier(n, now);
	nic6_carrier(n, now);
}

void
nic_address(struct nic *n, const struct kernel_address *a, uint64_t now)
{
	nic6_address(n, a, now);
}

void
nic_readable(struct nic *n, int fd, struct packet *p, uint64_t now)
{
	if (fd == n->dhcp4_fd || fd == n->arp_fd)
		nic4_readable(n, fd, p, now);
	else
		nic6_readable(n, fd, p, now);
}

/* Without a carrier nothing is sent, but what has an end ends. */
void
nic_timeout(struct nic *n, uint64_t now)
{
	dhcp4_timeout(&n->dhcp4, now);
	slaac_timeout(&n->slaac, now);
	dhcp6_timeout(&n->dhcp6, now);
}

uint64_t
nic_deadline(const struct nic *n)
{
	return time_first(n->dhcp4.deadline, time_first(n->slaac.deadline, n->dhcp6.deadline));
}

void
nic_release(struct nic *n, uint64_t now)
{
	dhcp4_release(&n->dhcp4, now);
	dhcp6_release(&n->dhcp6, now);
}

static int
keep(void *arg, const struct kernel_own *o)
{
	const struct nic *n = arg;

	return o->index != n->index ||
	       (o->family == AF_INET ? nic4_holds(n, o) : nic6_holds(n, o));
}

void
nic_sweep(struct nic *n, int family)
{
	kernel_sweep(family, keep, n);
}

int
nic_has_ipv4(const struct nic *n)
{
	return n->static4 || n->address4 != 0;
}

int
nic_has_ipv6(const struct nic *n)
{
	for (unsigned i = 0; i < n->address6_count; i++)
		if (!n->addresses6[i].tentative && ipv6_is_host(&n->addresses6[i].address))
			return 1;
	return 0;
}

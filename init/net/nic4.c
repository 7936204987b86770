/* SPDX-License-Identifier: GPL-3.0-only */
/* IPv4 on one interface: addresses of the recipe, or a server that is asked. */
#include "nic.h"

#include <errno.h>
#include <net/ethernet.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "frame.h"
#include "log.h"
#include "out.h"
#include "rtnl.h"
#include "sockets.h"

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

static void
on_bound(void *arg, const struct dhcp4_lease *l)
{
	struct nic *n = arg;

	fd_close(&n->arp_fd);
	say_address(n, "has the lease of", l->address, l->bits, NULL);
	nic4_lease_set(n, l);
}

static void
on_lost(void *arg, const char *why)
{
	struct nic *n = arg;

	net_log(why ? NET_WARN : NET_INFO, "%s: %s", n->name,
		why ? why : "the lease is given back");
	fd_close(&n->udp4_fd);
	nic4_lease_drop(n);
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
	/* Meanwhile the kernel may have dropped the routes. */
	if (dhcp4_is_bound(&n->dhcp4))
		nic4_lease_set(n, &n->dhcp4.lease);
	n->dhcp4.hostname = nic4_hostname();
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

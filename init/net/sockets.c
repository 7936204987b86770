/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A socket wakes this program, so each has a filter: what belongs to others on the link
 * is dropped in the kernel.
 */
#include "sockets.h"

#include <errno.h>
#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "dhcp4_message.h"
#include "frame.h"
#include "ra.h"

#define DHCP6_CLIENT_PORT 546
#define DHCP6_SERVER_PORT 547

/* Numbers of the kernel's that C libraries do not all have. */
#define PACKET_AUXDATA_OPTION 8
#define CHECKSUM_NOT_READY 8u /* in tp_status */
#define ATTACH_FILTER 26

struct auxdata {
	uint32_t status, size, caught;
	uint16_t mac, net, vlan, vlan_protocol;
};

/* Classic BPF: what is taken from a packet, compared, and where it goes from there. */
struct filter_step {
	uint16_t code;
	uint8_t yes, no;
	uint32_t value;
};

struct filter {
	uint16_t count;
	const struct filter_step *steps;
};

enum {
	LOAD_WORD = 0x20,      /* at value */
	LOAD_HALF = 0x28,
	LOAD_BYTE = 0x30,
	LOAD_WORD_X = 0x40,    /* at value + X */
	LOAD_HALF_X = 0x48,
	HEADER_X = 0xb1,       /* X is the length of the IPv4 header at value */
	IS_EQUAL = 0x15,
	HAS_BITS = 0x45,
	GIVE = 0x06            /* so many bytes of it, 0: nothing */
};

static int
filter_set(int fd, const struct filter_step *steps, size_t count)
{
	const struct filter f = {(uint16_t)count, steps};

	return setsockopt(fd, SOL_SOCKET, ATTACH_FILTER, &f, sizeof(f));
}

/* The descriptor if nothing failed since, else it is closed. */
static int
kept(int fd, int failed)
{
	int error = errno;

	if (!failed || fd < 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

/* A packet socket that gets nothing before its filter is there. */
static int
packet_socket(int index, unsigned protocol, const struct filter_step *steps, size_t count)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol), .sll_ifindex = index};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return kept(fd, fd < 0 || filter_set(fd, steps, count) != 0 ||
				bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0);
}

int
socket_dhcp4(int index, const uint8_t mac[MAC_BYTES])
{
	const struct filter_step steps[] = {
		{LOAD_BYTE, 0, 0, 9},
		{IS_EQUAL, 0, 9, IPPROTO_UDP},
		{LOAD_HALF, 0, 0, 6},
		{HAS_BITS, 7, 0, 0x3fff},
		{HEADER_X, 0, 0, 0},
		{LOAD_HALF_X, 0, 0, 2},
		{IS_EQUAL, 0, 4, DHCP4_CLIENT_PORT},
		{LOAD_WORD_X, 0, 0, 8 + 28},
		{IS_EQUAL, 0, 2, get32(mac)},
		{LOAD_HALF_X, 0, 0, 8 + 32},
		{IS_EQUAL, 1, 0, get16(mac + 4)},
		{GIVE, 0, 0, 0},
		{GIVE, 0, 0, UINT32_MAX},
	};
	int on = 1, fd = packet_socket(index, ETH_P_IP, steps, sizeof(steps) / sizeof(steps[0]));

	return kept(fd, fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA_OPTION, &on,
					  sizeof(on)) != 0);
}

int
socket_arp(int index)
{
	static const struct filter_step steps[] = {
		{LOAD_WORD, 0, 0, 0},
		{IS_EQUAL, 0, 1, 0x00010800},
		{GIVE, 0, 0, UINT32_MAX},
		{GIVE, 0, 0, 0},
	};

	return packet_socket(index, ETH_P_ARP, steps, sizeof(steps) / sizeof(steps[0]));
}

static int
bind_device(int fd, const char *name)
{
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name));
}

int
socket_udp4(const char *name, uint32_t from)
{
	static const struct filter_step nothing[] = {{GIVE, 0, 0, 0}};
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(DHCP4_CLIENT_PORT),
		.sin_addr = {htonl(from)}};
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return kept(fd, fd < 0 || filter_set(fd, nothing, 1) != 0 || bind_device(fd, name) != 0 ||
				setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
				setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) != 0 ||
				bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0);
}

int
socket_icmp6(int index, const char *name)
{
	int hops = 255, on = 1;
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_RA, &filter);
	return kept(fd, fd < 0 ||
				setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) != 0 ||
				bind_device(fd, name) != 0 ||
				setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index)) != 0 ||
				setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) != 0 ||
				setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) != 0);
}

int
socket_dhcp6(int index, const char *name, const struct ip6 *link_local)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6,
		.sin6_port = htons(DHCP6_CLIENT_PORT),
		.sin6_scope_id = (uint32_t)index};
	int on = 1, fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(&at.sin6_addr, link_local->byte, sizeof(link_local->byte));
	return kept(fd, fd < 0 || bind_device(fd, name) != 0 ||
				setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0 ||
				setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
				bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0);
}

static void
take_control(struct packet *p, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct auxdata aux;

		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA_OPTION &&
			c->cmsg_len >= CMSG_LEN(sizeof(aux))) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			/* Between machines of one host nobody fills checksums in. */
			p->checked = (aux.status & CHECKSUM_NOT_READY) != 0;
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&p->hop_limit, CMSG_DATA(c), sizeof(p->hop_limit));
	}
}

int
packet_receive(int fd, struct packet *p)
{
	struct sockaddr_in6 from = {0};
	struct iovec to = {p->data, sizeof(p->data)};
	_Alignas(struct cmsghdr) uint8_t control[128];
	struct msghdr m = {.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &to,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &m, 0);

	if (n < 0)
		return -1;
	p->size = m.msg_flags & MSG_TRUNC ? 0 : (size_t)n;
	p->checked = 0;
	p->hop_limit = -1;
	memset(&p->source, 0, sizeof(p->source));
	if (from.sin6_family == AF_INET6)
		memcpy(p->source.byte, &from.sin6_addr, sizeof(p->source.byte));
	take_control(p, &m);
	return 0;
}

int
send_broadcast(int fd, int index, unsigned protocol, const uint8_t *packet, size_t size)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_protocol = htons((uint16_t)protocol),
		.sll_ifindex = index,
		.sll_halen = MAC_BYTES};

	memset(to.sll_addr, 0xff, MAC_BYTES);
	return sendto(fd, packet, size, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ? -1 : 0;
}

int
send_udp4(int fd, const uint8_t *message, size_t size, uint32_t to)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(DHCP4_SERVER_PORT),
		.sin_addr = {htonl(to)}};

	return sendto(fd, message, size, 0, (struct sockaddr *)&at, sizeof(at)) < 0 ? -1 : 0;
}

/* To a multicast group of the link. */
static int
send_group(int fd, int index, const struct ip6 *group, unsigned port, const uint8_t *message,
	size_t size)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
		.sin6_scope_id = (uint32_t)index};

	memcpy(&at.sin6_addr, group->byte, sizeof(group->byte));
	return sendto(fd, message, size, 0, (struct sockaddr *)&at, sizeof(at)) < 0 ? -1 : 0;
}

int
send_routers(int fd, int index, const uint8_t *message, size_t size)
{
	static const struct ip6 routers = {{0xff, 2, [15] = 2}};

	return send_group(fd, index, &routers, 0, message, size);
}

int
send_dhcp6(int fd, int index, const uint8_t *message, size_t size)
{
	static const struct ip6 servers = {{0xff, 2, [13] = 1, [15] = 2}};

	return send_group(fd, index, &servers, DHCP6_SERVER_PORT, message, size);
}

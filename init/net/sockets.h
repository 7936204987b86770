/* SPDX-License-Identifier: GPL-3.0-only */
/* The sockets that the protocols speak through, each bound to one interface. */
#ifndef NET_SOCKETS_H
#define NET_SOCKETS_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define PACKET_BYTES 1500
#define PACKETS_AT_ONCE 32 /* that are read before others have their turn */

/* Where a packet came from, and what the kernel knows of it. */
struct packet {
	uint8_t data[PACKET_BYTES];
	size_t size;
	int checked;      /* IPv4: the checksum is none, or was looked at */
	int hop_limit;    /* ICMPv6; -1: unknown */
	struct ip6 source; /* IPv6 */
};

/* Each returns a descriptor that does not block, or -1 with errno. */

/* All IPv4 datagrams from DHCP servers to the machine with this MAC, whatever address they
 * are sent to. */
int socket_dhcp4(int index, const uint8_t mac[MAC_BYTES]);
int socket_arp(int index);
/* To send from an address of ours; what is sent to it is dropped without an error. */
int socket_udp4(const char *name, uint32_t from);
/* Router advertisements. */
int socket_icmp6(int index, const char *name);
int socket_dhcp6(int index, const char *name, const struct ip6 *link_local);

/* One packet; one that is too long has size 0. -1: there is none. */
int packet_receive(int fd, struct packet *);
/* To every neighbour; protocol as ETH_P_IP. */
int send_broadcast(int fd, int index, unsigned protocol, const uint8_t *packet, size_t size);
int send_udp4(int fd, const uint8_t *message, size_t size, uint32_t to);
int send_routers(int fd, int index, const uint8_t *message, size_t size);
int send_dhcp6(int fd, int index, const uint8_t *message, size_t size);

#endif

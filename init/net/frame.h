/* SPDX-License-Identifier: GPL-3.0-only */
/* IPv4 and ARP by hand: how a machine speaks that has no address yet. */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define FRAME_HEADERS 28 /* IPv4's without options, and UDP's */
#define ARP_BYTES 28
#define DHCP4_SERVER_PORT 67
#define DHCP4_CLIENT_PORT 68

/* A datagram from a DHCP client to its server, in front of size bytes at to + FRAME_HEADERS
 * that are there already. Returns all of its bytes. */
size_t frame_wrap(uint8_t *to, size_t size, uint32_t from, uint32_t dest);
/*
 * The payload of a datagram that a DHCP server sent to a client; NULL if it is something
 * else or damaged. checked: the kernel has no need of checksums, as on a virtual link.
 */
const uint8_t *frame_open(const uint8_t *packet, size_t size, int checked, size_t *payload);

/* Asks who has target. from 0 is a probe, which puts nothing into others' tables. */
void arp_build(uint8_t to[ARP_BYTES], const uint8_t mac[MAC_BYTES], uint32_t from,
	uint32_t target);
/*
 * Whether another machine than mac has the address, or is about to take it: the two
 * cases of RFC 5227, 2.1.1.
 */
int arp_conflicts(const uint8_t *packet, size_t size, const uint8_t mac[MAC_BYTES],
	uint32_t address);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A server answers to an address that this machine does not have yet, so the kernel
 * would drop it: until then packets go through a packet socket, headers and all.
 */
#include "frame.h"

#include <string.h>

#include "bytes.h"

#define IP_BYTES 20
#define UDP_BYTES 8
#define PROTOCOL_UDP 17

static uint32_t
sum(const uint8_t *data, size_t size, uint32_t start)
{
	uint32_t n = start;

	for (size_t i = 0; i + 1 < size; i += 2)
		n += get16(data + i);
	if (size & 1)
		n += (uint32_t)data[size - 1] << 8;
	return n;
}

/* Of one whose own checksum field counts this gives 0, when it is right. */
static uint16_t
fold(uint32_t n)
{
	while (n >> 16)
		n = (n & 0xffff) + (n >> 16);
	return (uint16_t)~n;
}

/* Of a UDP datagram, with the addresses of the IP header in front of it. */
static uint16_t
udp_sum(const uint8_t *ip, const uint8_t *udp, size_t size)
{
	return fold(sum(udp, size, sum(ip + 12, 8, PROTOCOL_UDP + (uint32_t)size)));
}

size_t
frame_wrap(uint8_t *ip, size_t size, uint32_t from, uint32_t dest)
{
	uint8_t *udp = ip + IP_BYTES;
	uint16_t check;

	memset(ip, 0, FRAME_HEADERS);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(FRAME_HEADERS + size));
	ip[8] = 64;
	ip[9] = PROTOCOL_UDP;
	put32(ip + 12, from);
	put32(ip + 16, dest);
	put16(ip + 10, fold(sum(ip, IP_BYTES, 0)));
	put16(udp, DHCP4_CLIENT_PORT);
	put16(udp + 2, DHCP4_SERVER_PORT);
	put16(udp + 4, (unsigned)(UDP_BYTES + size));
	check = udp_sum(ip, udp, UDP_BYTES + size);
	put16(udp + 6, check ? check : 0xffff);
	return FRAME_HEADERS + size;
}

/* The bytes of the IPv4 header; 0: not a whole datagram of UDP. */
static size_t
ip_header(const uint8_t *ip, size_t size, size_t *total)
{
	size_t header;

	if (size < IP_BYTES || ip[0] >> 4 != 4)
		return 0;
	header = (size_t)(ip[0] & 15) * 4;
	*total = get16(ip + 2);
	if (header < IP_BYTES || *total > size || *total < header + UDP_BYTES)
		return 0;
	if (ip[9] != PROTOCOL_UDP || (get16(ip + 6) & 0x3fff) != 0)
		return 0;
	return fold(sum(ip, header, 0)) == 0 ? header : 0;
}

const uint8_t *
frame_open(const uint8_t *packet, size_t size, int checked, size_t *payload)
{
	size_t total, bytes, header = ip_header(packet, size, &total);
	const uint8_t *udp = packet + header;

	if (header == 0 || get16(udp) != DHCP4_SERVER_PORT ||
		get16(udp + 2) != DHCP4_CLIENT_PORT)
		return NULL;
	bytes = get16(udp + 4);
	if (bytes < UDP_BYTES || bytes > total - header)
		return NULL;
	if (!checked && get16(udp + 6) != 0 && udp_sum(packet, udp, bytes) != 0)
		return NULL;
	*payload = bytes - UDP_BYTES;
	return udp + UDP_BYTES;
}

/* Ethernet, IPv4, their sizes. */
static const uint8_t arp_kind[6] = {0, 1, 8, 0, 6, 4};

void
arp_build(uint8_t to[ARP_BYTES], const uint8_t mac[MAC_BYTES], uint32_t from, uint32_t target)
{
	memset(to, 0, ARP_BYTES);
	memcpy(to, arp_kind, sizeof(arp_kind));
	put16(to + 6, 1);
	memcpy(to + 8, mac, MAC_BYTES);
	put32(to + 14, from);
	put32(to + 24, target);
}

int
arp_conflicts(const uint8_t *packet, size_t size, const uint8_t mac[MAC_BYTES],
	uint32_t address)
{
	unsigned what;

	if (size < ARP_BYTES || memcmp(packet, arp_kind, sizeof(arp_kind)) != 0)
		return 0;
	what = get16(packet + 6);
	if ((what != 1 && what != 2) || memcmp(packet + 8, mac, MAC_BYTES) == 0)
		return 0;
	/* Another's probe for it conflicts as well: both would take it. */
	return get32(packet + 14) == address ||
	       (what == 1 && get32(packet + 14) == 0 && get32(packet + 24) == address);
}

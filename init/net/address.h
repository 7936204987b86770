/* SPDX-License-Identifier: GPL-3.0-only */
/* Addresses: IPv4 as a number in the processor's order, IPv6 as bytes. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdint.h>

#define MAC_BYTES 6

struct out;

struct ip6 {
	uint8_t byte[16];
};

/* Dotted IPv4, four decimal parts; 0, or -1. */
int ipv4_parse(const char *text, uint32_t *);
/* IPv6 without scope and without a dotted tail; 0, or -1. */
int ipv6_parse(const char *text, struct ip6 *);
/* "ADDRESS/BITS", or without /BITS if bits has a value for that (not -1); 0, or -1. */
int ipv4_parse_net(const char *text, uint32_t *, int *bits);
int ipv6_parse_net(const char *text, struct ip6 *, int *bits);

void out_ipv4(struct out *, uint32_t);
/* As RFC 5952 wants it. */
void out_ipv6(struct out *, const struct ip6 *);
void out_mac(struct out *, const uint8_t mac[MAC_BYTES]);

/* A netmask of so many ones; 0 to 32. */
uint32_t ipv4_mask(int bits);
/* How many ones a mask begins with; -1 if there are more behind them. */
int ipv4_mask_bits(uint32_t mask);
/* Not 0.0.0.0/8, 127/8, multicast or broadcast: one that a host can have. */
int ipv4_is_host(uint32_t);

int ipv6_equal(const struct ip6 *, const struct ip6 *);
int ipv6_is_link_local(const struct ip6 *);
/* Not ::, ::1, multicast or link-local: one that others may reach. */
int ipv6_is_host(const struct ip6 *);
/* The bits behind the prefix become 0. */
void ipv6_mask(struct ip6 *, int bits);
/* Bytes 8 to 15: the interface identifier that a MAC gives (RFC 4291, appendix A). */
void ipv6_eui64(struct ip6 *, const uint8_t mac[MAC_BYTES]);

#endif

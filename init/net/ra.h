/* SPDX-License-Identifier: GPL-3.0-only */
/* Router advertisements and solicitations (RFC 4861, 4191, 8106). */
#ifndef NET_RA_H
#define NET_RA_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "names.h"

#define RA_PREFIXES 8
#define RA_DNS 4
#define RA_FOREVER UINT32_MAX
#define RA_LOW 0
#define RA_MEDIUM 1
#define RA_HIGH 2
#define RS_BYTES 16
#define ICMP6_RS 133
#define ICMP6_RA 134

struct ra_prefix {
	struct ip6 prefix; /* zeros behind its bits */
	int bits;
	int on_link, autonomous;
	uint32_t valid_s, preferred_s;
};

struct ra_dns {
	struct ip6 server;
	uint32_t lifetime_s;
};

struct ra {
	unsigned hop_limit;     /* 0: unsaid */
	int managed, other;     /* there is DHCPv6: for addresses, for the rest */
	unsigned lifetime_s;    /* as a default router; 0: it is none */
	unsigned preference;    /* as such: RA_LOW to RA_HIGH */
	uint32_t mtu;           /* 0: unsaid */
	struct ra_prefix prefixes[RA_PREFIXES];
	unsigned prefix_count;
	struct ra_dns dns[RA_DNS];
	unsigned dns_count;
	char search[NAMES_BYTES];
	uint32_t search_s;
};

/*
 * data: an ICMPv6 message whose checksum was right, with the hop limit and the source of
 * its packet. NULL, or why it is none that a host may believe (RFC 4861, 6.1.2).
 */
const char *ra_parse(struct ra *, const uint8_t *data, size_t size, int hop_limit,
	const struct ip6 *source);
/* A solicitation; the kernel fills its checksum in. */
void rs_build(uint8_t to[RS_BYTES], const uint8_t mac[MAC_BYTES]);

#endif

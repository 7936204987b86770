/* SPDX-License-Identifier: GPL-3.0-only */
/* Messages of DHCPv6 (RFC 8415, 3646), as bytes and as what they say. */
#ifndef NET_DHCP6_MESSAGE_H
#define NET_DHCP6_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "names.h"

#define DHCP6_BYTES 1452 /* of a message that is taken: what a frame of 1500 holds */
#define DHCP6_BUILT 512  /* of one that is built, at most */
#define DHCP6_DUID 130   /* the longest that there is */
#define DHCP6_LEASES 2   /* of one association */
#define DHCP6_DNS 4
#define DHCP6_FOREVER UINT32_MAX
#define DUID_LL_BYTES 10

enum dhcp6_type {
	DHCP6_SOLICIT = 1,
	DHCP6_ADVERTISE,
	DHCP6_REQUEST,
	DHCP6_RENEW = 5,
	DHCP6_REBIND,
	DHCP6_REPLY,
	DHCP6_RELEASE,
	DHCP6_DECLINE,
	DHCP6_INFORMATION = 11
};

enum dhcp6_status { DHCP6_SUCCESS = 0, DHCP6_NO_ADDRESSES = 2, DHCP6_NO_BINDING = 3 };

/* An address (128 bits) or a delegated prefix. */
struct dhcp6_lease {
	struct ip6 address;
	int bits;
	uint32_t preferred_s, valid_s; /* valid_s 0: not to be used any more */
};

/* An identity association: what a server keeps for one interface. */
struct dhcp6_ia {
	int there;
	unsigned status;
	uint32_t t1_s, t2_s; /* 0: the client's choice */
	struct dhcp6_lease leases[DHCP6_LEASES];
	unsigned count;
};

struct dhcp6_reply {
	unsigned type; /* ADVERTISE or REPLY */
	uint32_t xid;
	uint8_t server[DHCP6_DUID];
	size_t server_bytes;
	unsigned preference, status;
	int rapid_commit;
	struct dhcp6_ia addresses, prefixes;
	struct ip6 dns[DHCP6_DNS];
	unsigned dns_count;
	char search[NAMES_BYTES];
	uint32_t refresh_s;                /* of an answer to INFORMATION; 0: unsaid */
	uint32_t solicit_max, inform_max;  /* seconds between tries; 0: unsaid */
};

struct dhcp6_request {
	unsigned type;
	uint32_t xid; /* 24 bits */
	uint64_t elapsed_ms;
	const uint8_t *mac;
	const uint8_t *server; /* or NULL */
	size_t server_bytes;
	const struct dhcp6_ia *addresses, *prefixes; /* asked for, with what they had; or NULL */
};

/* NULL, or why the message is none for the machine with this MAC. */
const char *dhcp6_parse(struct dhcp6_reply *, const uint8_t *data, size_t size,
	const uint8_t mac[MAC_BYTES]);
/* Returns the bytes it has. */
size_t dhcp6_build(uint8_t to[DHCP6_BUILT], const struct dhcp6_request *);
/* This machine's identifier, DUID-LL: of the first MAC that one of these was told. */
void duid_choose(const uint8_t mac[MAC_BYTES]);
void duid_build(uint8_t to[DUID_LL_BYTES], const uint8_t mac[MAC_BYTES]);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Messages of DHCPv4 (RFC 2131, 2132, 3396, 3397, 3442), as bytes and as what they say. */
#ifndef NET_DHCP4_MESSAGE_H
#define NET_DHCP4_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "names.h"

#define DHCP4_BYTES 1472 /* of a message that is taken: what a frame of 1500 holds */
#define DHCP4_BUILT 548  /* of one that is built, at most; every server takes that */
#define DHCP4_ROUTES 16
#define DHCP4_DNS 4
#define LEASE_FOREVER UINT32_MAX

enum dhcp4_type {
	DHCP4_DISCOVER = 1,
	DHCP4_OFFER,
	DHCP4_REQUEST,
	DHCP4_DECLINE,
	DHCP4_ACK,
	DHCP4_NAK,
	DHCP4_RELEASE
};

struct dhcp4_route {
	uint32_t to, via; /* via 0: on the link itself */
	int bits;
};

/* What a server gives. Zero or empty: it said nothing of that. */
struct dhcp4_lease {
	uint32_t address, server;
	int bits;                       /* of the netmask; that of the address's class if unsaid */
	uint32_t lease_s, t1_s, t2_s;   /* seconds; LEASE_FOREVER has no end */
	uint32_t router;                /* the first one */
	struct dhcp4_route routes[DHCP4_ROUTES];
	unsigned route_count;
	int classless; /* routes were given: router does not count then */
	uint32_t dns[DHCP4_DNS];
	unsigned dns_count;
	unsigned mtu;
	char domain[NAMES_BYTES], search[NAMES_BYTES], hostname[HOST_BYTES];
};

struct dhcp4_reply {
	unsigned type; /* OFFER, ACK or NAK */
	uint32_t xid;
	struct dhcp4_lease lease;
};

struct dhcp4_request {
	unsigned type;
	uint32_t xid;
	unsigned secs;
	int broadcast; /* the answer may not be sent to this machine's own MAC */
	const uint8_t *mac;
	uint32_t client;    /* an address that this machine has already */
	uint32_t requested; /* 0: no such option */
	uint32_t server;    /* 0: no such option */
	const char *hostname; /* or NULL */
};

/* NULL, or why the message is not one for the machine with this MAC. */
const char *dhcp4_parse(struct dhcp4_reply *, const uint8_t *data, size_t size,
	const uint8_t mac[MAC_BYTES]);
/* Returns the bytes it has. */
size_t dhcp4_build(uint8_t to[DHCP4_BUILT], const struct dhcp4_request *);

#endif

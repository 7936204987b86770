/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The DHCPv6 client of one interface (RFC 8415): addresses, delegated prefixes, or name
 * servers alone. What it is to ask for comes from routers and the recipe. No sockets, as
 * in dhcp4.h.
 */
#ifndef NET_DHCP6_H
#define NET_DHCP6_H

#include <stdint.h>

#include "dhcp6_message.h"

enum dhcp6_state {
	DHCP6_OFF,
	DHCP6_SOLICITING,
	DHCP6_REQUESTING,
	DHCP6_BOUND,
	DHCP6_RENEWING,  /* from T1 on: the server is asked */
	DHCP6_REBINDING, /* from T2 on: any server is asked */
	DHCP6_DECLINING, /* an address is another's */
	DHCP6_RELEASING, /* at the machine's end */
	DHCP6_INFORMING, /* no addresses wanted, only the rest */
	DHCP6_INFORMED
};

struct dhcp6_port {
	void *arg;
	/* To all servers; whether it could be sent is of no interest, it is tried again. */
	void (*send)(void *arg, const uint8_t *message, size_t size);
	/* Leases, name servers or their times have changed. */
	void (*changed)(void *arg);
	/* The address may not be used any more. */
	void (*address_gone)(void *arg, const struct dhcp6_lease *);
};

/* An association with the times at which it ends, counted from when it was asked for. */
struct dhcp6_bond {
	int wanted;
	struct dhcp6_ia ia;
	uint64_t preferred_until[DHCP6_LEASES], valid_until[DHCP6_LEASES];
};

struct dhcp6 {
	const struct dhcp6_port *port;
	uint8_t mac[MAC_BYTES];
	enum dhcp6_state state;
	uint64_t deadline; /* when dhcp6_timeout wants to be called */
	uint64_t began;    /* of this exchange */
	uint64_t wait_ms;  /* between the last try and the next */
	uint64_t t1, t2;
	uint64_t expires;  /* of the last of all leases; TIME_NEVER: there is none, or no end */
	uint64_t refresh;  /* of what was learnt without addresses */
	uint32_t xid;
	unsigned tries;
	unsigned failures; /* leases that were promised and not given, in a row */
	uint32_t solicit_max_s, inform_max_s; /* that servers have set; 0: the RFC's */
	struct dhcp6_bond addresses, prefixes;
	struct dhcp6_reply best; /* while soliciting: the best answer so far; type 0: none */
	uint8_t server[DHCP6_DUID];
	size_t server_bytes;
	struct ip6 dns[DHCP6_DNS];
	unsigned dns_count;
	char search[NAMES_BYTES];
};

void dhcp6_init(struct dhcp6 *, const struct dhcp6_port *, const uint8_t mac[MAC_BYTES]);
/*
 * What is wanted: addresses, prefixes, or with neither only name servers. When that is
 * what is being done already nothing happens.
 */
void dhcp6_want(struct dhcp6 *, int addresses, int prefixes, uint64_t now);
/* The link was gone and is back. */
void dhcp6_resume(struct dhcp6 *, uint64_t now);
/* Tells the server that its leases are not needed any more, and gives them up. */
void dhcp6_release(struct dhcp6 *, uint64_t now);
void dhcp6_timeout(struct dhcp6 *, uint64_t now);
/* NULL, or why the message was ignored. */
const char *dhcp6_receive(struct dhcp6 *, const uint8_t *message, size_t size, uint64_t now);
/* Whether the leases may be used. */
int dhcp6_is_bound(const struct dhcp6 *);
/* The kernel found that another machine has the address. */
void dhcp6_duplicate(struct dhcp6 *, const struct ip6 *address, uint64_t now);

#endif

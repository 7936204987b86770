/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What one interface learns from its IPv6 routers (RFC 4861, 4862, 7559, 8106): default
 * routes, addresses, name servers, each with the time it lasts. No sockets, as in dhcp4.h.
 */
#ifndef NET_SLAAC_H
#define NET_SLAAC_H

#include <stdint.h>

#include "ra.h"

#define SLAAC_PREFIXES 8
#define SLAAC_ROUTERS 4
#define SLAAC_DNS 4

struct slaac_prefix {
	int used;
	struct ip6 prefix;
	int bits;
	uint64_t link_until;           /* a route on the link; 0: there is none */
	struct ip6 address;            /* if autonomous */
	int autonomous, duplicate;     /* duplicate: another machine has the address */
	uint64_t preferred_until, valid_until;
};

struct slaac_router {
	int used;
	unsigned preference;
	struct ip6 address;
	uint64_t until;
};

struct slaac_dns {
	int used;
	struct ip6 server;
	uint64_t until;
};

struct slaac_port {
	void *arg;
	void (*solicit)(void *arg);
	/* Was made, or its times have changed. */
	void (*address)(void *arg, const struct slaac_prefix *);
	void (*address_gone)(void *arg, const struct slaac_prefix *);
	void (*link)(void *arg, const struct slaac_prefix *);
	void (*link_gone)(void *arg, const struct slaac_prefix *);
	/* place: 0 to SLAAC_ROUTERS - 1, the same while it is known */
	void (*router)(void *arg, const struct slaac_router *, unsigned place);
	void (*router_gone)(void *arg, const struct slaac_router *, unsigned place);
	/* Flags, MTU or name servers may have changed; NULL: something's time is over. */
	void (*advertised)(void *arg, const struct ra *);
};

struct slaac {
	const struct slaac_port *port;
	uint8_t mac[MAC_BYTES];
	uint64_t deadline; /* when slaac_timeout wants to be called */
	uint64_t solicit_at;
	uint64_t wait_ms; /* until the next solicitation */
	struct slaac_prefix prefixes[SLAAC_PREFIXES];
	struct slaac_router routers[SLAAC_ROUTERS];
	struct slaac_dns dns[SLAAC_DNS];
	char search[NAMES_BYTES];
	uint64_t search_until;
};

void slaac_init(struct slaac *, const struct slaac_port *, const uint8_t mac[MAC_BYTES]);
/* Asks for routers; what is known stays until its time. */
void slaac_start(struct slaac *, uint64_t now);
/* Tells the port all that is known once more: the kernel may have dropped it. */
void slaac_again(struct slaac *);
void slaac_timeout(struct slaac *, uint64_t now);
/* NULL, or why the advertisement was ignored; see ra_parse. */
const char *slaac_receive(struct slaac *, const uint8_t *data, size_t size, int hop_limit,
	const struct ip6 *source, uint64_t now);
/* The kernel found that another machine has the address. */
void slaac_duplicate(struct slaac *, const struct ip6 *address);

#endif

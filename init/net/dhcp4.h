/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The DHCPv4 client of one interface, RFC 2131 figure 5. It knows no sockets: what it
 * wants done goes through struct dhcp4_port, what happened is told to it with the time.
 */
#ifndef NET_DHCP4_H
#define NET_DHCP4_H

#include <stdint.h>

#include "dhcp4_message.h"

enum dhcp4_state {
	DHCP4_OFF,
	DHCP4_SELECTING,  /* DISCOVER goes out until an offer comes */
	DHCP4_REQUESTING, /* an offer was taken, its ACK is awaited */
	DHCP4_PROBING,    /* the address is given; does another have it? */
	DHCP4_BOUND,
	DHCP4_RENEWING,  /* from T1 on: the server is asked */
	DHCP4_REBINDING, /* from T2 on: any server is asked */
	DHCP4_REBOOTING, /* the link is back: is the lease still good here? */
	DHCP4_WAITING    /* after a NAK or a used address, before it starts again */
};

struct dhcp4_port {
	void *arg;
	/* to 0: broadcast, from no address. Else from address from, routed as usual. */
	void (*send)(void *arg, const uint8_t *message, size_t size, uint32_t from, uint32_t to);
	/* Asks by ARP who has the address; from it, that is an announcement, else from 0. */
	void (*arp)(void *arg, uint32_t from, uint32_t address);
	/* A lease is there or was renewed; valid until dhcp4.expires. */
	void (*bound)(void *arg, const struct dhcp4_lease *);
	/* The address must not be used any more; why NULL: it was given back. */
	void (*lost)(void *arg, const char *why);
};

struct dhcp4 {
	const struct dhcp4_port *port;
	uint8_t mac[MAC_BYTES];
	const char *hostname; /* that the server is told, or NULL */
	enum dhcp4_state state;
	uint64_t deadline; /* when dhcp4_timeout wants to be called */
	uint64_t began;    /* of this exchange */
	uint64_t asked;    /* when the request went out that a lease would answer */
	uint64_t t1, t2, expires;
	uint32_t xid;
	unsigned tries;    /* messages sent in this state; BOUND: to be sent */
	unsigned failures; /* NAKs and used addresses in a row */
	struct dhcp4_lease lease; /* bound to, or on the way to it */
};

void dhcp4_init(struct dhcp4 *, const struct dhcp4_port *, const uint8_t mac[MAC_BYTES]);
void dhcp4_start(struct dhcp4 *, uint64_t now);
/* Gives the address up, if there is one. */
void dhcp4_stop(struct dhcp4 *, const char *why);
/* Tells the server that the lease is not needed any more, and gives it up. */
void dhcp4_release(struct dhcp4 *, uint64_t now);
/* The link was gone and is back: a lease is asked for anew, and used meanwhile. */
void dhcp4_resume(struct dhcp4 *, uint64_t now);
void dhcp4_timeout(struct dhcp4 *, uint64_t now);
/* NULL, or why the message was ignored. */
const char *dhcp4_receive(struct dhcp4 *, const uint8_t *message, size_t size, uint64_t now);
/* Another machine has the address that is being probed. */
void dhcp4_conflict(struct dhcp4 *, uint64_t now);
/* Whether the lease's address may be used. */
int dhcp4_is_bound(const struct dhcp4 *);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Seven kinds of exchanges that differ in four numbers (RFC 8415, 7.6) and in what comes
 * of the end of their tries: so there is one way to send and try again, and a table.
 */
#include "dhcp6.h"

#include <string.h>

#include "clock.h"
#include "dhcp6_parts.h"

#define WAIT_FIRST_MS 1000 /* after a second failure in a row; each further one doubles it */
#define WAIT_DOUBLINGS 7
#define SERVER_ANY 0
#define SERVER_KNOWN 1

struct exchange {
	unsigned type;
	int server;
	uint32_t first_ms, most_ms;
	unsigned tries; /* 0: no end */
	void (*given_up)(struct dhcp6 *, uint64_t now);
};

static void solicit(struct dhcp6 *, uint64_t now);
static void rebind(struct dhcp6 *, uint64_t now);
static void expire(struct dhcp6 *, uint64_t now);

static const struct exchange exchanges[] = {
	[DHCP6_SOLICITING] = {DHCP6_SOLICIT, SERVER_ANY, 1000, 3600000, 0, NULL},
	[DHCP6_REQUESTING] = {DHCP6_REQUEST, SERVER_KNOWN, 1000, 30000, 10, solicit},
	[DHCP6_RENEWING] = {DHCP6_RENEW, SERVER_KNOWN, 10000, 600000, 0, rebind},
	[DHCP6_REBINDING] = {DHCP6_REBIND, SERVER_ANY, 10000, 600000, 0, expire},
	[DHCP6_DECLINING] = {DHCP6_DECLINE, SERVER_KNOWN, 1000, 1000, 4, solicit},
	[DHCP6_RELEASING] = {DHCP6_RELEASE, SERVER_KNOWN, 1000, 1000, 1, NULL},
	[DHCP6_INFORMING] = {DHCP6_INFORMATION, SERVER_ANY, 1000, 3600000, 0, NULL},
	[DHCP6_INFORMED] = {0, 0, 0, 0, 0, NULL},
};

/* Until when the exchange of this state may go on: never longer than the leases. */
static uint64_t
state_end(const struct dhcp6 *d)
{
	return d->state == DHCP6_RENEWING ? time_first(d->t2, d->expires) : d->expires;
}

/* The longest wait between tries. */
static uint64_t
most_ms(const struct dhcp6 *d)
{
	uint32_t s = d->state == DHCP6_SOLICITING   ? d->solicit_max_s
		     : d->state == DHCP6_INFORMING ? d->inform_max_s
						   : 0;

	return s ? (uint64_t)s * 1000 : exchanges[d->state].most_ms;
}

static void
send(struct dhcp6 *d, uint64_t now)
{
	const struct exchange *e = &exchanges[d->state];
	int plain = e->type == DHCP6_INFORMATION;
	struct dhcp6_request r = {.type = e->type,
		.xid = d->xid,
		.elapsed_ms = now - d->began,
		.mac = d->mac,
		.server = e->server == SERVER_KNOWN ? d->server : NULL,
		.server_bytes = d->server_bytes,
		.addresses = !plain && d->addresses.wanted ? &d->addresses.ia : NULL,
		.prefixes = !plain && d->prefixes.wanted ? &d->prefixes.ia : NULL};
	uint8_t message[DHCP6_BUILT];
	size_t size;

	if (e->type == DHCP6_DECLINE)
		r.prefixes = NULL;
	size = dhcp6_build(message, &r);
	d->port->send(d->port->arg, message, size);
}

/* One try more (15); the first wait for advertisements is never a shorter one. */
static void
try(struct dhcp6 *d, uint64_t now)
{
	const struct exchange *e = &exchanges[d->state];
	uint64_t most = most_ms(d);

	if (now >= state_end(d) || (e->tries > 0 && d->tries == e->tries)) {
		e->given_up(d, now);
		return;
	}
	if (d->tries++ == 0) {
		d->began = now;
		d->wait_ms = time_jitter(e->first_ms);
	} else {
		d->wait_ms = d->wait_ms * 2 > most ? time_jitter(most) : time_jitter(d->wait_ms * 2);
	}
	if (d->tries == 1 && d->state == DHCP6_SOLICITING && d->wait_ms < e->first_ms)
		d->wait_ms = e->first_ms;
	send(d, now);
	d->deadline = time_first(now + d->wait_ms, state_end(d));
}

static void
enter_at(struct dhcp6 *d, enum dhcp6_state state, uint64_t first)
{
	d->state = state;
	d->tries = 0;
	d->xid = random_bits() & 0xffffff;
	d->best.type = 0;
	d->deadline = first;
}

void
dhcp6_enter(struct dhcp6 *d, enum dhcp6_state state, uint64_t now)
{
	enter_at(d, state, now);
	try(d, now);
}

void
dhcp6_bond_forget(struct dhcp6 *d, struct dhcp6_bond *b)
{
	for (unsigned i = 0; b == &d->addresses && i < b->ia.count; i++)
		d->port->address_gone(d->port->arg, &b->ia.leases[i]);
	b->ia = (struct dhcp6_ia){0};
}

static void
leases_forget(struct dhcp6 *d)
{
	dhcp6_bond_forget(d, &d->addresses);
	dhcp6_bond_forget(d, &d->prefixes);
	d->expires = TIME_NEVER;
}

static void
solicit(struct dhcp6 *d, uint64_t now)
{
	leases_forget(d);
	dhcp6_enter(d, DHCP6_SOLICITING, now);
}

/* The leases are gone, and with them what came along. */
static void
begin_anew(struct dhcp6 *d, uint64_t first, uint64_t now)
{
	leases_forget(d);
	d->dns_count = 0;
	d->search[0] = '\0';
	enter_at(d, DHCP6_SOLICITING, first);
	if (first == now)
		try(d, now);
	d->port->changed(d->port->arg);
}

static void
expire(struct dhcp6 *d, uint64_t now)
{
	begin_anew(d, now, now);
}

/*
 * A server that promises what it does not give is not asked without end: the first time
 * may be an honest change of mind, then there are pauses.
 */
void
dhcp6_back_off(struct dhcp6 *d, uint64_t now)
{
	uint64_t ms = 0;

	if (d->failures > 0)
		ms = time_jitter((uint64_t)WAIT_FIRST_MS << (d->failures - 1));
	d->failures += d->failures <= WAIT_DOUBLINGS;
	begin_anew(d, now + ms, now);
}

static void
rebind(struct dhcp6 *d, uint64_t now)
{
	dhcp6_enter(d, DHCP6_REBINDING, now);
}

void
dhcp6_init(struct dhcp6 *d, const struct dhcp6_port *port, const uint8_t mac[MAC_BYTES])
{
	*d = (struct dhcp6){.port = port, .deadline = TIME_NEVER, .expires = TIME_NEVER};
	memcpy(d->mac, mac, MAC_BYTES);
}

void
dhcp6_want(struct dhcp6 *d, int addresses, int prefixes, uint64_t now)
{
	int same = d->addresses.wanted == addresses && d->prefixes.wanted == prefixes;

	if (d->state != DHCP6_OFF && same)
		return;
	d->addresses.wanted = addresses;
	d->prefixes.wanted = prefixes;
	if (addresses || prefixes) {
		solicit(d, now);
		return;
	}
	leases_forget(d);
	dhcp6_enter(d, DHCP6_INFORMING, now);
}

void
dhcp6_resume(struct dhcp6 *d, uint64_t now)
{
	if (d->state == DHCP6_INFORMED)
		dhcp6_enter(d, DHCP6_INFORMING, now);
	else if (d->state == DHCP6_BOUND || d->state == DHCP6_RENEWING)
		rebind(d, now);
	else if (d->state != DHCP6_OFF)
		try(d, now);
}

int
dhcp6_is_bound(const struct dhcp6 *d)
{
	return d->state >= DHCP6_BOUND && d->state <= DHCP6_REBINDING;
}

/* Nobody is there any more to hear the answer, so it is said once. */
void
dhcp6_release(struct dhcp6 *d, uint64_t now)
{
	if (!dhcp6_is_bound(d))
		return;
	dhcp6_enter(d, DHCP6_RELEASING, now);
	leases_forget(d);
	d->state = DHCP6_OFF;
}

void
dhcp6_timeout(struct dhcp6 *d, uint64_t now)
{
	if (d->state == DHCP6_OFF || now < d->deadline)
		return;
	if (now >= d->expires)
		expire(d, now);
	else if (d->state == DHCP6_BOUND)
		dhcp6_enter(d, DHCP6_RENEWING, now);
	else if (d->state == DHCP6_INFORMED)
		dhcp6_enter(d, DHCP6_INFORMING, now);
	else if (d->state == DHCP6_SOLICITING && d->best.type != 0)
		dhcp6_choose(d, now);
	else
		try(d, now);
}

void
dhcp6_duplicate(struct dhcp6 *d, const struct ip6 *address, uint64_t now)
{
	struct dhcp6_ia *ia = &d->addresses.ia;

	for (unsigned i = 0; i < ia->count; i++) {
		struct dhcp6_lease declined = ia->leases[i];

		if (!ipv6_equal(&declined.address, address))
			continue;
		ia->leases[i] = ia->leases[--ia->count];
		leases_forget(d);
		ia->leases[ia->count++] = declined;
		dhcp6_enter(d, DHCP6_DECLINING, now);
		d->port->changed(d->port->arg);
		return;
	}
}

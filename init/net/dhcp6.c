/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Seven kinds of exchanges that differ in four numbers (RFC 8415, 7.6) and in what comes
 * of the end of their tries: so there is one way to send and try again, and a table.
 */
#include "dhcp6.h"

#include <string.h>

#include "clock.h"

#define INFORM_REFRESH_S 86400 /* 21.23, when the server says nothing */
#define RENEW_LEAST_S 1
#define PREFERENCE_BEST 255
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
	[DHCP6_INFORMING] = {DHCP6_INFORMATION, SERVER_ANY, 1000, 3600000, 0, NULL},
	[DHCP6_INFORMED] = {0, 0, 0, 0, 0, NULL},
};

/* Until when the exchange of this state may go on. */
static uint64_t
state_end(const struct dhcp6 *d)
{
	if (d->state == DHCP6_RENEWING)
		return d->t2;
	return d->state == DHCP6_REBINDING ? d->expires : TIME_NEVER;
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
	if (d->tries++ == 0)
		d->wait_ms = time_jitter(e->first_ms);
	else
		d->wait_ms = d->wait_ms * 2 > most ? time_jitter(most) : time_jitter(d->wait_ms * 2);
	if (d->tries == 1 && d->state == DHCP6_SOLICITING && d->wait_ms < e->first_ms)
		d->wait_ms = e->first_ms;
	send(d, now);
	d->deadline = time_first(now + d->wait_ms, state_end(d));
}

static void
enter(struct dhcp6 *d, enum dhcp6_state state, uint64_t now)
{
	d->state = state;
	d->tries = 0;
	d->began = now;
	d->xid = random_bits() & 0xffffff;
	d->best.type = 0;
	try(d, now);
}

static void
bond_forget(struct dhcp6 *d, struct dhcp6_bond *b)
{
	for (unsigned i = 0; b == &d->addresses && i < b->ia.count; i++)
		d->port->address_gone(d->port->arg, &b->ia.leases[i]);
	b->ia = (struct dhcp6_ia){0};
}

static void
solicit(struct dhcp6 *d, uint64_t now)
{
	bond_forget(d, &d->addresses);
	bond_forget(d, &d->prefixes);
	enter(d, DHCP6_SOLICITING, now);
}

static void
expire(struct dhcp6 *d, uint64_t now)
{
	solicit(d, now);
	d->port->changed(d->port->arg);
}

static void
rebind(struct dhcp6 *d, uint64_t now)
{
	enter(d, DHCP6_REBINDING, now);
}

void
dhcp6_init(struct dhcp6 *d, const struct dhcp6_port *port, const uint8_t mac[MAC_BYTES])
{
	*d = (struct dhcp6){.port = port, .deadline = TIME_NEVER};
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
	bond_forget(d, &d->addresses);
	bond_forget(d, &d->prefixes);
	enter(d, DHCP6_INFORMING, now);
}

void
dhcp6_stop(struct dhcp6 *d)
{
	bond_forget(d, &d->addresses);
	bond_forget(d, &d->prefixes);
	d->dns_count = 0;
	d->search[0] = '\0';
	d->state = DHCP6_OFF;
	d->deadline = TIME_NEVER;
}

void
dhcp6_resume(struct dhcp6 *d, uint64_t now)
{
	if (d->state == DHCP6_INFORMED)
		enter(d, DHCP6_INFORMING, now);
	else if (d->state == DHCP6_BOUND || d->state == DHCP6_RENEWING)
		rebind(d, now);
	else if (d->state != DHCP6_OFF)
		try(d, now);
}

static void
bound(struct dhcp6 *d, uint64_t now)
{
	enter(d, DHCP6_RENEWING, now);
}

/* The end of the first wait: the best answer is taken. */
static void
choose(struct dhcp6 *d, uint64_t now)
{
	memcpy(d->server, d->best.server, d->best.server_bytes);
	d->server_bytes = d->best.server_bytes;
	d->addresses.ia = d->addresses.wanted ? d->best.addresses : (struct dhcp6_ia){0};
	d->prefixes.ia = d->prefixes.wanted ? d->best.prefixes : (struct dhcp6_ia){0};
	enter(d, DHCP6_REQUESTING, now);
}

void
dhcp6_timeout(struct dhcp6 *d, uint64_t now)
{
	if (d->state == DHCP6_OFF || now < d->deadline)
		return;
	if (d->state == DHCP6_BOUND)
		bound(d, now);
	else if (d->state == DHCP6_INFORMED)
		enter(d, DHCP6_INFORMING, now);
	else if (d->state == DHCP6_SOLICITING && d->best.type != 0)
		choose(d, now);
	else
		try(d, now);
}

static int
ia_is_good(const struct dhcp6_bond *b, const struct dhcp6_ia *ia)
{
	return b->wanted && ia->there && ia->status == DHCP6_SUCCESS && ia->count > 0;
}

/* How much of what is wanted a reply has: 0, 1 or 2. */
static int
worth(const struct dhcp6 *d, const struct dhcp6_reply *r)
{
	return r->status != DHCP6_SUCCESS
		       ? 0
		       : ia_is_good(&d->addresses, &r->addresses) +
				 ia_is_good(&d->prefixes, &r->prefixes);
}

static const char *
advertised(struct dhcp6 *d, const struct dhcp6_reply *r, uint64_t now)
{
	int better = worth(d, r) > worth(d, &d->best) ||
		     (worth(d, r) == worth(d, &d->best) && r->preference > d->best.preference);

	if (worth(d, r) == 0)
		return "nothing that is wanted is in it";
	if (d->best.type == 0 || better)
		d->best = *r;
	/* After the first wait any answer will do (18.2.1). */
	if (d->best.preference == PREFERENCE_BEST || d->tries > 1)
		choose(d, now);
	return NULL;
}

/* Keeps what the reply says of one association; the times of its T1 and T2 if earlier. */
static void
bond_take(struct dhcp6 *d, struct dhcp6_bond *b, const struct dhcp6_ia *ia, uint32_t *t1,
	uint32_t *t2)
{
	uint32_t shortest = UINT32_MAX;

	if (!ia_is_good(b, ia))
		return;
	/* What the server does not name any more goes now: it is not ours to renew. */
	for (unsigned i = 0; b == &d->addresses && i < b->ia.count; i++) {
		unsigned k = 0;

		while (k < ia->count &&
			!ipv6_equal(&ia->leases[k].address, &b->ia.leases[i].address))
			k++;
		if (k == ia->count || ia->leases[k].valid_s == 0)
			d->port->address_gone(d->port->arg, &b->ia.leases[i]);
	}
	b->ia = (struct dhcp6_ia){.there = 1};
	for (unsigned i = 0; i < ia->count; i++) {
		const struct dhcp6_lease *l = &ia->leases[i];

		if (l->valid_s == 0)
			continue;
		b->preferred_until[b->ia.count] = time_after(d->began, l->preferred_s);
		b->valid_until[b->ia.count] = time_after(d->began, l->valid_s);
		b->ia.leases[b->ia.count++] = *l;
		shortest = l->preferred_s < shortest ? l->preferred_s : shortest;
	}
	/* 14.2: half and four fifths of the shortest time, where the server leaves it open. */
	if (ia->t1_s == 0 || ia->t2_s == 0) {
		*t1 = shortest / 2 < *t1 ? shortest / 2 : *t1;
		*t2 = shortest - shortest / 5 < *t2 ? shortest - shortest / 5 : *t2;
	} else {
		*t1 = ia->t1_s < *t1 ? ia->t1_s : *t1;
		*t2 = ia->t2_s < *t2 ? ia->t2_s : *t2;
	}
}

static uint64_t
last_end(const struct dhcp6 *d)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < d->addresses.ia.count; i++)
		if (d->addresses.valid_until[i] > last)
			last = d->addresses.valid_until[i];
	for (unsigned i = 0; i < d->prefixes.ia.count; i++)
		if (d->prefixes.valid_until[i] > last)
			last = d->prefixes.valid_until[i];
	return last;
}

static void
take_rest(struct dhcp6 *d, const struct dhcp6_reply *r)
{
	memcpy(d->dns, r->dns, sizeof(d->dns));
	d->dns_count = r->dns_count;
	memcpy(d->search, r->search, sizeof(d->search));
}

/* A reply with leases: to a request, a renewal, or at once to a solicitation. */
static const char *
granted(struct dhcp6 *d, const struct dhcp6_reply *r, uint64_t now)
{
	uint32_t t1 = UINT32_MAX, t2 = UINT32_MAX;

	/* The server has forgotten; what it had given may be asked for anew (18.2.10.1). */
	if ((r->addresses.there && r->addresses.status == DHCP6_NO_BINDING) ||
		(r->prefixes.there && r->prefixes.status == DHCP6_NO_BINDING)) {
		if (d->state == DHCP6_REQUESTING) {
			solicit(d, now);
		} else {
			memcpy(d->server, r->server, r->server_bytes);
			d->server_bytes = r->server_bytes;
			enter(d, DHCP6_REQUESTING, now);
		}
		return NULL;
	}
	if (worth(d, r) == 0 && d->state == DHCP6_REQUESTING)
		solicit(d, now);
	if (worth(d, r) == 0)
		return "nothing that is wanted is in it";
	memcpy(d->server, r->server, r->server_bytes);
	d->server_bytes = r->server_bytes;
	bond_take(d, &d->addresses, &r->addresses, &t1, &t2);
	bond_take(d, &d->prefixes, &r->prefixes, &t1, &t2);
	/* A time of 0 would ask as fast as the server answers. */
	t1 = t1 < RENEW_LEAST_S ? RENEW_LEAST_S : t1;
	t2 = t2 < t1 ? t1 : t2;
	d->t1 = time_after(d->began, t1);
	d->t2 = time_after(d->began, t2);
	d->expires = last_end(d);
	take_rest(d, r);
	d->state = DHCP6_BOUND;
	/* All leases may have been taken back. */
	d->deadline = d->expires == 0 ? now : time_first(d->t1, d->expires);
	if (d->expires == 0)
		solicit(d, now);
	d->port->changed(d->port->arg);
	return NULL;
}

static const char *
informed(struct dhcp6 *d, const struct dhcp6_reply *r, uint64_t now)
{
	take_rest(d, r);
	d->state = DHCP6_INFORMED;
	d->refresh = time_after(now, r->refresh_s ? r->refresh_s : INFORM_REFRESH_S);
	d->deadline = d->refresh;
	d->port->changed(d->port->arg);
	return NULL;
}

const char *
dhcp6_receive(struct dhcp6 *d, const uint8_t *message, size_t size, uint64_t now)
{
	struct dhcp6_reply r;
	const char *why = dhcp6_parse(&r, message, size, d->mac);

	if (why)
		return why;
	if (d->state == DHCP6_OFF || d->state == DHCP6_BOUND || d->state == DHCP6_INFORMED)
		return "nothing was asked";
	if (r.xid != d->xid)
		return "of another exchange";
	d->solicit_max_s = r.solicit_max ? r.solicit_max : d->solicit_max_s;
	d->inform_max_s = r.inform_max ? r.inform_max : d->inform_max_s;
	if (r.type == DHCP6_ADVERTISE)
		return d->state == DHCP6_SOLICITING ? advertised(d, &r, now) : "a late offer";
	if (d->state == DHCP6_INFORMING)
		return informed(d, &r, now);
	if (d->state == DHCP6_SOLICITING && !r.rapid_commit)
		return "no offer";
	if (d->state == DHCP6_DECLINING) {
		solicit(d, now);
		return NULL;
	}
	return granted(d, &r, now);
}

void
dhcp6_duplicate(struct dhcp6 *d, const struct ip6 *address, uint64_t now)
{
	struct dhcp6_ia *ia = &d->addresses.ia;

	for (unsigned i = 0; i < ia->count; i++) {
		if (!ipv6_equal(&ia->leases[i].address, address))
			continue;
		bond_forget(d, &d->prefixes);
		ia->leases[0] = ia->leases[i];
		ia->count = 1;
		enter(d, DHCP6_DECLINING, now);
		d->port->changed(d->port->arg);
		return;
	}
}

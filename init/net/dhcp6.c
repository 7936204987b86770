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
#define WAIT_FIRST_MS 1000 /* after a second failure in a row; each further one doubles it */
#define WAIT_DOUBLINGS 7
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

static void
enter(struct dhcp6 *d, enum dhcp6_state state, uint64_t now)
{
	enter_at(d, state, now);
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
leases_forget(struct dhcp6 *d)
{
	bond_forget(d, &d->addresses);
	bond_forget(d, &d->prefixes);
	d->expires = TIME_NEVER;
}

static void
solicit(struct dhcp6 *d, uint64_t now)
{
	leases_forget(d);
	enter(d, DHCP6_SOLICITING, now);
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
static void
back_off(struct dhcp6 *d, uint64_t now)
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
	enter(d, DHCP6_REBINDING, now);
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
	enter(d, DHCP6_INFORMING, now);
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
	enter(d, DHCP6_RELEASING, now);
	leases_forget(d);
	d->state = DHCP6_OFF;
}

static void
take_server(struct dhcp6 *d, const struct dhcp6_reply *r)
{
	memcpy(d->server, r->server, r->server_bytes);
	d->server_bytes = r->server_bytes;
}

/* The end of the first wait: the best answer is taken. */
static void
choose(struct dhcp6 *d, uint64_t now)
{
	take_server(d, &d->best);
	d->addresses.ia = d->addresses.wanted ? d->best.addresses : (struct dhcp6_ia){0};
	d->prefixes.ia = d->prefixes.wanted ? d->best.prefixes : (struct dhcp6_ia){0};
	enter(d, DHCP6_REQUESTING, now);
}

void
dhcp6_timeout(struct dhcp6 *d, uint64_t now)
{
	if (d->state == DHCP6_OFF || now < d->deadline)
		return;
	if (now >= d->expires)
		expire(d, now);
	else if (d->state == DHCP6_BOUND)
		enter(d, DHCP6_RENEWING, now);
	else if (d->state == DHCP6_INFORMED)
		enter(d, DHCP6_INFORMING, now);
	else if (d->state == DHCP6_SOLICITING && d->best.type != 0)
		choose(d, now);
	else
		try(d, now);
}

/* Whether it says something of leases, be it that they are over. */
static int
ia_is_told(const struct dhcp6_bond *b, const struct dhcp6_ia *ia)
{
	return b->wanted && ia->there && ia->status == DHCP6_SUCCESS && ia->count > 0;
}

static int
ia_is_good(const struct dhcp6_bond *b, const struct dhcp6_ia *ia)
{
	for (unsigned i = 0; ia_is_told(b, ia) && i < ia->count; i++)
		if (ia->leases[i].valid_s > 0)
			return 1;
	return 0;
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

static int
ia_has(const struct dhcp6_ia *ia, const struct ip6 *address)
{
	for (unsigned i = 0; i < ia->count; i++)
		if (ia->leases[i].valid_s > 0 && ipv6_equal(&ia->leases[i].address, address))
			return 1;
	return 0;
}

/* Keeps what the reply says of one association; the times of its T1 and T2 if earlier. */
static void
bond_take(struct dhcp6 *d, struct dhcp6_bond *b, const struct dhcp6_ia *ia, uint32_t *t1,
	uint32_t *t2)
{
	uint32_t preferred = UINT32_MAX, valid = UINT32_MAX;

	if (!ia_is_told(b, ia)) {
		/* What was only offered is not given; what was given lasts until its end. */
		if (d->state == DHCP6_REQUESTING)
			bond_forget(d, b);
		return;
	}
	/* What the server does not name any more goes now: it is not ours to renew. */
	for (unsigned i = 0; b == &d->addresses && i < b->ia.count; i++)
		if (!ia_has(ia, &b->ia.leases[i].address))
			d->port->address_gone(d->port->arg, &b->ia.leases[i]);
	b->ia = (struct dhcp6_ia){.there = 1};
	for (unsigned i = 0; i < ia->count; i++) {
		const struct dhcp6_lease *l = &ia->leases[i];
		uint32_t useful = l->preferred_s ? l->preferred_s : l->valid_s;

		if (l->valid_s == 0)
			continue;
		b->preferred_until[b->ia.count] = time_after(d->began, l->preferred_s);
		b->valid_until[b->ia.count] = time_after(d->began, l->valid_s);
		b->ia.leases[b->ia.count++] = *l;
		preferred = useful < preferred ? useful : preferred;
		valid = l->valid_s < valid ? l->valid_s : valid;
	}
	/* 14.2: half and four fifths of the shortest time, where the server leaves it open. */
	if (ia->t1_s == 0 || ia->t2_s == 0) {
		valid = preferred == UINT32_MAX ? valid : preferred - preferred / 5;
		preferred = preferred == UINT32_MAX ? preferred : preferred / 2;
	} else {
		preferred = ia->t1_s < preferred ? ia->t1_s : preferred;
		valid = ia->t2_s < valid ? ia->t2_s : valid;
	}
	*t1 = preferred < *t1 ? preferred : *t1;
	*t2 = valid < *t2 ? valid : *t2;
}

/* Of the lease that lasts longest; 0: there is none. */
static uint64_t
last_end(const struct dhcp6_bond *b, uint64_t last)
{
	for (unsigned i = 0; i < b->ia.count; i++)
		last = b->valid_until[i] > last ? b->valid_until[i] : last;
	return last;
}

static void
take_rest(struct dhcp6 *d, const struct dhcp6_reply *r)
{
	memcpy(d->dns, r->dns, sizeof(d->dns));
	d->dns_count = r->dns_count;
	memcpy(d->search, r->search, sizeof(d->search));
}

/* The server has forgotten; what it had given may be asked for anew (18.2.10.1). */
static void
forgotten(struct dhcp6 *d, const struct dhcp6_reply *r, uint64_t now)
{
	if (d->state == DHCP6_REQUESTING) {
		back_off(d, now);
		return;
	}
	take_server(d, r);
	enter(d, DHCP6_REQUESTING, now);
}

/* A reply with leases: to a request, a renewal, or at once to a solicitation. */
static const char *
granted(struct dhcp6 *d, const struct dhcp6_reply *r, uint64_t now)
{
	uint32_t t1 = UINT32_MAX, t2 = UINT32_MAX;
	int renewal = d->state == DHCP6_RENEWING || d->state == DHCP6_REBINDING;

	if ((r->addresses.there && r->addresses.status == DHCP6_NO_BINDING) ||
		(r->prefixes.there && r->prefixes.status == DHCP6_NO_BINDING)) {
		forgotten(d, r, now);
		return NULL;
	}
	if (worth(d, r) == 0 && d->state == DHCP6_REQUESTING)
		back_off(d, now);
	/* A renewal may also say that something is over. */
	if (worth(d, r) == 0 && !(renewal && (ia_is_told(&d->addresses, &r->addresses) ||
						     ia_is_told(&d->prefixes, &r->prefixes))))
		return "nothing that is wanted is in it";
	take_server(d, r);
	bond_take(d, &d->addresses, &r->addresses, &t1, &t2);
	bond_take(d, &d->prefixes, &r->prefixes, &t1, &t2);
	d->expires = last_end(&d->prefixes, last_end(&d->addresses, 0));
	if (d->expires == 0) {
		back_off(d, now);
		return NULL;
	}
	/* A time of 0 would ask as fast as the server answers. */
	t1 = t1 < RENEW_LEAST_S ? RENEW_LEAST_S : t1;
	t2 = t2 < t1 ? t1 : t2;
	d->t1 = time_after(d->began, t1);
	d->t2 = time_after(d->began, t2);
	take_rest(d, r);
	d->state = DHCP6_BOUND;
	d->failures = 0;
	d->deadline = time_first(d->t1, d->expires);
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
		back_off(d, now);
		return NULL;
	}
	return granted(d, &r, now);
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
		enter(d, DHCP6_DECLINING, now);
		d->port->changed(d->port->arg);
		return;
	}
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What servers answer: which of several is taken, and what is kept of it. None of them can
 * make this client ask faster than a person would find right, or lose what it has.
 */
#include "dhcp6.h"

#include <string.h>

#include "clock.h"
#include "dhcp6_parts.h"

#define INFORM_REFRESH_S 86400 /* 21.23, when the server says nothing */
#define RENEW_LEAST_S 1
#define PREFERENCE_BEST 255

static void
take_server(struct dhcp6 *d, const struct dhcp6_reply *r)
{
	memcpy(d->server, r->server, r->server_bytes);
	d->server_bytes = r->server_bytes;
}

/* The end of the first wait: the best answer is taken. */
void
dhcp6_choose(struct dhcp6 *d, uint64_t now)
{
	take_server(d, &d->best);
	d->addresses.ia = d->addresses.wanted ? d->best.addresses : (struct dhcp6_ia){0};
	d->prefixes.ia = d->prefixes.wanted ? d->best.prefixes : (struct dhcp6_ia){0};
	dhcp6_enter(d, DHCP6_REQUESTING, now);
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
		dhcp6_choose(d, now);
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
			dhcp6_bond_forget(d, b);
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
		dhcp6_back_off(d, now);
		return;
	}
	take_server(d, r);
	dhcp6_enter(d, DHCP6_REQUESTING, now);
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
		dhcp6_back_off(d, now);
	/* A renewal may also say that something is over. */
	if (worth(d, r) == 0 && !(renewal && (ia_is_told(&d->addresses, &r->addresses) ||
						     ia_is_told(&d->prefixes, &r->prefixes))))
		return "nothing that is wanted is in it";
	take_server(d, r);
	bond_take(d, &d->addresses, &r->addresses, &t1, &t2);
	bond_take(d, &d->prefixes, &r->prefixes, &t1, &t2);
	d->expires = last_end(&d->prefixes, last_end(&d->addresses, 0));
	if (d->expires == 0) {
		dhcp6_back_off(d, now);
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
		dhcp6_back_off(d, now);
		return NULL;
	}
	return granted(d, &r, now);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What an advertisement brings, put into tables. They are small, and whoever is on the
 * link can fill them: what is new always gets a place, that of the least worth, so that
 * nobody is kept out by what came before.
 */
#include "slaac.h"

#include <string.h>

#include "clock.h"
#include "slaac_parts.h"

#define TWO_HOURS_MS 7200000
#define EUI64_BITS 64

static struct slaac_prefix *
prefix_find(struct slaac *s, const struct ra_prefix *p)
{
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++)
		if (s->prefixes[i].used && s->prefixes[i].bits == p->bits &&
			ipv6_equal(&s->prefixes[i].prefix, &p->prefix))
			return &s->prefixes[i];
	return NULL;
}

/* The place of the least worth; that of a free one is 0. */
static unsigned
least(const uint64_t *worth, unsigned count)
{
	unsigned at = 0;

	for (unsigned i = 1; i < count; i++)
		at = worth[i] < worth[at] ? i : at;
	return at;
}

/* The prefix's place, a new one if there was none. */
static struct slaac_prefix *
prefix_place(struct slaac *s, const struct ra_prefix *p)
{
	struct slaac_prefix *known = prefix_find(s, p);
	uint64_t worth[SLAAC_PREFIXES];

	if (known)
		return known;
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		const struct slaac_prefix *k = &s->prefixes[i];

		worth[i] = k->link_until;
		if (k->autonomous && k->valid_until > worth[i])
			worth[i] = k->valid_until;
		/* A duplicate that is kept in mind goes first, but not before a free place. */
		if (worth[i] == 0)
			worth[i] = k->used != 0;
	}
	known = &s->prefixes[least(worth, SLAAC_PREFIXES)];
	slaac_address_drop(s, known);
	slaac_link_drop(s, known);
	*known = (struct slaac_prefix){.prefix = p->prefix, .bits = p->bits};
	return known;
}

static void
take_link(struct slaac *s, const struct ra_prefix *p, uint64_t now)
{
	struct slaac_prefix *known = p->valid_s ? prefix_place(s, p) : prefix_find(s, p);

	if (!known)
		return;
	if (p->valid_s == 0) {
		slaac_link_drop(s, known);
		return;
	}
	known->used = 1;
	known->link_until = time_after(now, p->valid_s);
	s->port->link(s->port->arg, known);
}

/*
 * RFC 4862, 5.5.3 e: nobody may end an address within two hours by a forged
 * advertisement, but a time that gets longer is believed.
 */
static uint64_t
valid_until(const struct slaac_prefix *known, uint32_t valid_s, uint64_t now)
{
	uint64_t wanted = time_after(now, valid_s), floor = now + TWO_HOURS_MS;

	if (!known->autonomous || wanted > floor || wanted > known->valid_until)
		return wanted;
	return known->valid_until <= floor ? known->valid_until : floor;
}

static void
take_address(struct slaac *s, const struct ra_prefix *p, uint64_t now)
{
	struct slaac_prefix *known;

	/* Prefix and identifier must be an address together (5.5.3 d). */
	if (p->bits != 128 - EUI64_BITS)
		return;
	known = prefix_find(s, p);
	if ((!known || !known->autonomous) && p->valid_s == 0)
		return;
	known = prefix_place(s, p);
	if (known->duplicate)
		return;
	known->valid_until = valid_until(known, p->valid_s, now);
	known->preferred_until = time_first(time_after(now, p->preferred_s), known->valid_until);
	if (!known->autonomous) {
		known->address = p->prefix;
		ipv6_eui64(&known->address, s->mac);
	}
	known->used = known->autonomous = 1;
	s->port->address(s->port->arg, known);
}

static void
take_router(struct slaac *s, const struct ra *ra, const struct ip6 *source, uint64_t now)
{
	uint64_t worth[SLAAC_ROUTERS];
	unsigned place = SLAAC_ROUTERS;

	for (unsigned i = 0; i < SLAAC_ROUTERS; i++) {
		const struct slaac_router *r = &s->routers[i];

		worth[i] = r->used ? (uint64_t)r->preference << 62 | r->until : 0;
		if (r->used && ipv6_equal(&r->address, source))
			place = i;
	}
	if (ra->lifetime_s > 0 && place == SLAAC_ROUTERS)
		place = least(worth, SLAAC_ROUTERS);
	if (place == SLAAC_ROUTERS)
		return;
	/* Its route has another metric if its preference or its place is new. */
	if (ra->lifetime_s == 0 || s->routers[place].preference != ra->preference ||
		!ipv6_equal(&s->routers[place].address, source))
		slaac_router_drop(s, place);
	if (ra->lifetime_s == 0)
		return;
	s->routers[place] = (struct slaac_router){
		1, ra->preference, *source, time_after(now, ra->lifetime_s)};
	s->port->router(s->port->arg, &s->routers[place], place);
}

static void
take_dns(struct slaac *s, const struct ra_dns *d, uint64_t now)
{
	uint64_t worth[SLAAC_DNS];
	unsigned place = SLAAC_DNS;

	for (unsigned i = 0; i < SLAAC_DNS; i++) {
		worth[i] = s->dns[i].used ? s->dns[i].until : 0;
		if (s->dns[i].used && ipv6_equal(&s->dns[i].server, &d->server))
			place = i;
	}
	/* One that is over needs none. */
	if (place == SLAAC_DNS && d->lifetime_s > 0)
		place = least(worth, SLAAC_DNS);
	if (place < SLAAC_DNS)
		s->dns[place] = (struct slaac_dns){
			d->lifetime_s > 0, d->server, time_after(now, d->lifetime_s)};
}

void
slaac_learn(struct slaac *s, const struct ra *ra, const struct ip6 *source, uint64_t now)
{
	take_router(s, ra, source, now);
	for (unsigned i = 0; i < ra->prefix_count; i++) {
		if (ra->prefixes[i].on_link)
			take_link(s, &ra->prefixes[i], now);
		if (ra->prefixes[i].autonomous)
			take_address(s, &ra->prefixes[i], now);
	}
	for (unsigned i = 0; i < ra->dns_count; i++)
		take_dns(s, &ra->dns[i], now);
	if (ra->search_s == 0 && strcmp(ra->search, s->search) == 0)
		s->search[0] = '\0';
	else if (ra->search_s > 0 && ra->search[0] != '\0') {
		memcpy(s->search, ra->search, sizeof(s->search));
		s->search_until = time_after(now, ra->search_s);
	}
}

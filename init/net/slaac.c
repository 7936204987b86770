/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Everything that a router says has an end. The kernel knows the ends of addresses and
 * routes too, and keeps them if this program dies; here they are counted for what the
 * kernel does not keep: name servers, and what others are told.
 */
#include "slaac.h"

#include <string.h>

#include "clock.h"

/* RFC 7559: at once, after 4 s, 8 s ... an hour. */
#define SOLICIT_FIRST_MS 4000
#define SOLICIT_LAST_MS 3600000
#define TWO_HOURS_MS 7200000
#define EUI64_BITS 64

static void
deadline_set(struct slaac *s)
{
	uint64_t first = s->solicit_at;

	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		const struct slaac_prefix *p = &s->prefixes[i];

		if (p->used && p->link_until)
			first = time_first(first, p->link_until);
		if (p->used && p->autonomous)
			first = time_first(first, p->valid_until);
	}
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s->routers[i].used)
			first = time_first(first, s->routers[i].until);
	for (unsigned i = 0; i < SLAAC_DNS; i++)
		if (s->dns[i].used)
			first = time_first(first, s->dns[i].until);
	if (s->search[0] != '\0')
		first = time_first(first, s->search_until);
	s->deadline = first;
}

void
slaac_init(struct slaac *s, const struct slaac_port *port, const uint8_t mac[MAC_BYTES])
{
	*s = (struct slaac){.port = port, .deadline = TIME_NEVER, .solicit_at = TIME_NEVER};
	memcpy(s->mac, mac, MAC_BYTES);
}

static void
solicit(struct slaac *s, uint64_t now)
{
	s->port->solicit(s->port->arg);
	s->solicit_at = now + time_jitter(s->wait_ms);
	s->wait_ms = s->wait_ms * 2 < SOLICIT_LAST_MS ? s->wait_ms * 2 : SOLICIT_LAST_MS;
}

void
slaac_start(struct slaac *s, uint64_t now)
{
	s->wait_ms = SOLICIT_FIRST_MS;
	solicit(s, now);
	deadline_set(s);
}

static void
address_drop(struct slaac *s, struct slaac_prefix *p)
{
	if (p->autonomous)
		s->port->address_gone(s->port->arg, p);
	p->autonomous = 0;
	p->used = p->link_until != 0 || p->duplicate;
}

static void
link_drop(struct slaac *s, struct slaac_prefix *p)
{
	if (p->link_until)
		s->port->link_gone(s->port->arg, p);
	p->link_until = 0;
	p->used = p->autonomous || p->duplicate;
}

static void
router_drop(struct slaac *s, unsigned place)
{
	if (s->routers[place].used)
		s->port->router_gone(s->port->arg, &s->routers[place], place);
	s->routers[place].used = 0;
}

/* Everything whose end has come; whether there was such a thing. */
static int
expire(struct slaac *s, uint64_t now)
{
	int gone = 0;

	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		struct slaac_prefix *p = &s->prefixes[i];

		if (p->used && p->autonomous && now >= p->valid_until)
			address_drop(s, p), gone = 1;
		if (p->used && p->link_until && now >= p->link_until)
			link_drop(s, p), gone = 1;
	}
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s->routers[i].used && now >= s->routers[i].until)
			router_drop(s, i), gone = 1;
	for (unsigned i = 0; i < SLAAC_DNS; i++)
		if (s->dns[i].used && now >= s->dns[i].until)
			s->dns[i].used = 0, gone = 1;
	if (s->search[0] != '\0' && now >= s->search_until)
		s->search[0] = '\0', gone = 1;
	return gone;
}

/* The last default router is gone: ask, another may have come (RFC 4861, 6.3.7). */
static int
has_router(const struct slaac *s)
{
	int n = 0;

	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		n += s->routers[i].used;
	return n > 0;
}

void
slaac_timeout(struct slaac *s, uint64_t now)
{
	int routed = has_router(s);

	if (now < s->deadline)
		return;
	if (expire(s, now))
		s->port->advertised(s->port->arg, NULL);
	if (now >= s->solicit_at)
		solicit(s, now);
	else if (routed && !has_router(s))
		slaac_start(s, now);
	deadline_set(s);
}

static struct slaac_prefix *
prefix_find(struct slaac *s, const struct ra_prefix *p)
{
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++)
		if (s->prefixes[i].used && s->prefixes[i].bits == p->bits &&
			ipv6_equal(&s->prefixes[i].prefix, &p->prefix))
			return &s->prefixes[i];
	return NULL;
}

/* The prefix's place, a new one if there is room; NULL: there is none. */
static struct slaac_prefix *
prefix_place(struct slaac *s, const struct ra_prefix *p)
{
	struct slaac_prefix *known = prefix_find(s, p);
	unsigned i = 0;

	if (known)
		return known;
	while (i < SLAAC_PREFIXES && s->prefixes[i].used)
		i++;
	if (i == SLAAC_PREFIXES)
		return NULL;
	s->prefixes[i] = (struct slaac_prefix){.prefix = p->prefix, .bits = p->bits};
	return &s->prefixes[i];
}

static void
take_link(struct slaac *s, const struct ra_prefix *p, uint64_t now)
{
	struct slaac_prefix *known = p->valid_s ? prefix_place(s, p) : prefix_find(s, p);

	if (!known)
		return;
	if (p->valid_s == 0) {
		link_drop(s, known);
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
	if (!known || known->duplicate)
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
	unsigned place = SLAAC_ROUTERS;

	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s->routers[i].used && ipv6_equal(&s->routers[i].address, source))
			place = i;
	for (unsigned i = 0; i < SLAAC_ROUTERS && place == SLAAC_ROUTERS; i++)
		if (!s->routers[i].used && ra->lifetime_s > 0)
			place = i;
	if (place == SLAAC_ROUTERS)
		return;
	if (ra->lifetime_s == 0) {
		router_drop(s, place);
		return;
	}
	s->routers[place] =
		(struct slaac_router){1, *source, time_after(now, ra->lifetime_s)};
	s->port->router(s->port->arg, &s->routers[place], place);
}

static void
take_dns(struct slaac *s, const struct ra_dns *d, uint64_t now)
{
	unsigned place = SLAAC_DNS;

	for (unsigned i = 0; i < SLAAC_DNS; i++)
		if (s->dns[i].used && ipv6_equal(&s->dns[i].server, &d->server))
			place = i;
	for (unsigned i = 0; i < SLAAC_DNS && place == SLAAC_DNS; i++)
		if (!s->dns[i].used)
			place = i;
	if (place < SLAAC_DNS)
		s->dns[place] = (struct slaac_dns){
			d->lifetime_s > 0, d->server, time_after(now, d->lifetime_s)};
}

static void
take_all(struct slaac *s, const struct ra *ra, const struct ip6 *source, uint64_t now)
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

const char *
slaac_receive(struct slaac *s, const uint8_t *data, size_t size, int hop_limit,
	const struct ip6 *source, uint64_t now)
{
	struct ra ra;
	const char *why = ra_parse(&ra, data, size, hop_limit, source);

	if (why)
		return why;
	take_all(s, &ra, source, now);
	/* A router that is none by default leaves the question open (RFC 4861, 6.3.7). */
	if (ra.lifetime_s > 0)
		s->solicit_at = TIME_NEVER;
	deadline_set(s);
	s->port->advertised(s->port->arg, &ra);
	return NULL;
}

void
slaac_duplicate(struct slaac *s, const struct ip6 *address)
{
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		struct slaac_prefix *p = &s->prefixes[i];

		if (!p->used || !p->autonomous || !ipv6_equal(&p->address, address))
			continue;
		/* The place is kept, or the next advertisement would try it again. */
		p->duplicate = 1;
		address_drop(s, p);
	}
	deadline_set(s);
}

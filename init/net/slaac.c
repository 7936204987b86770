/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Everything that a router says has an end. The kernel knows the ends of addresses and
 * routes too, and keeps them if this program dies; here they are counted for what the
 * kernel does not keep: name servers, and what others are told.
 */
#include "slaac.h"

#include <string.h>

#include "clock.h"
#include "slaac_parts.h"

/* RFC 7559: at once, after 4 s, 8 s ... an hour. */
#define SOLICIT_FIRST_MS 4000
#define SOLICIT_LAST_MS 3600000

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

void
slaac_again(struct slaac *s)
{
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		if (s->prefixes[i].autonomous)
			s->port->address(s->port->arg, &s->prefixes[i]);
		if (s->prefixes[i].link_until)
			s->port->link(s->port->arg, &s->prefixes[i]);
	}
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s->routers[i].used)
			s->port->router(s->port->arg, &s->routers[i], i);
}

void
slaac_address_drop(struct slaac *s, struct slaac_prefix *p)
{
	if (p->autonomous)
		s->port->address_gone(s->port->arg, p);
	p->autonomous = 0;
	p->used = p->link_until != 0 || p->duplicate;
}

void
slaac_link_drop(struct slaac *s, struct slaac_prefix *p)
{
	if (p->link_until)
		s->port->link_gone(s->port->arg, p);
	p->link_until = 0;
	p->used = p->autonomous || p->duplicate;
}

void
slaac_router_drop(struct slaac *s, unsigned place)
{
	struct slaac_router *r = &s->routers[place];

	if (r->used)
		s->port->router_gone(s->port->arg, r, place);
	r->used = 0;
}

/* Everything whose end has come; whether there was such a thing. */
static int
expire(struct slaac *s, uint64_t now)
{
	int gone = 0;

	for (unsigned i = 0; i < SLAAC_PREFIXES; i++) {
		struct slaac_prefix *p = &s->prefixes[i];

		if (p->used && p->autonomous && now >= p->valid_until)
			slaac_address_drop(s, p), gone = 1;
		if (p->used && p->link_until && now >= p->link_until)
			slaac_link_drop(s, p), gone = 1;
	}
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s->routers[i].used && now >= s->routers[i].until)
			slaac_router_drop(s, i), gone = 1;
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

const char *
slaac_receive(struct slaac *s, const uint8_t *data, size_t size, int hop_limit,
	const struct ip6 *source, uint64_t now)
{
	struct ra ra;
	const char *why = ra_parse(&ra, data, size, hop_limit, source);

	if (why)
		return why;
	slaac_learn(s, &ra, source, now);
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
		slaac_address_drop(s, p);
	}
	deadline_set(s);
}

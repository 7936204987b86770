/* SPDX-License-Identifier: GPL-3.0-only */
/* One interface with its routers, and a clock that the test turns. */
#ifndef TESTS_NET_SLAAC_WORLD_H
#define TESTS_NET_SLAAC_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/clock.h"
#include "../../init/net/slaac.h"
#include "craft.h"

#define NET "20010db8000000010000000000000000"
#define MINUTE 60000u
#define HOUR (60 * MINUTE)

struct world {
	unsigned solicited, addresses, addresses_gone, links, links_gone, routers, routers_gone;
	unsigned advertised, over;
	unsigned place;
	struct slaac_prefix last;
};

static struct world w;
static struct slaac s;
static uint64_t now;
static const struct ip6 router = {{0xfe, 0x80, [15] = 1}}, second = {{0xfe, 0x80, [15] = 2}};

static inline void
on_solicit(void *arg)
{
	((struct world *)arg)->solicited++;
}

static inline void
on_address(void *arg, const struct slaac_prefix *p)
{
	((struct world *)arg)->addresses++;
	((struct world *)arg)->last = *p;
}

static inline void
on_address_gone(void *arg, const struct slaac_prefix *p)
{
	(void)p;
	((struct world *)arg)->addresses_gone++;
}

static inline void
on_link(void *arg, const struct slaac_prefix *p)
{
	((struct world *)arg)->links++;
	((struct world *)arg)->last = *p;
}

static inline void
on_link_gone(void *arg, const struct slaac_prefix *p)
{
	(void)p;
	((struct world *)arg)->links_gone++;
}

static inline void
on_router(void *arg, const struct slaac_router *r, unsigned place)
{
	(void)r;
	((struct world *)arg)->routers++;
	((struct world *)arg)->place = place;
}

static inline void
on_router_gone(void *arg, const struct slaac_router *r, unsigned place)
{
	(void)r;
	((struct world *)arg)->routers_gone++;
	((struct world *)arg)->place = place;
}

static inline void
on_advertised(void *arg, const struct ra *ra)
{
	((struct world *)arg)->advertised += ra != NULL;
	((struct world *)arg)->over += ra == NULL;
}

static const struct slaac_port port = {&w, on_solicit, on_address, on_address_gone, on_link,
	on_link_gone, on_router, on_router_gone, on_advertised};

static inline void
begin(void)
{
	w = (struct world){0};
	now = 1000000;
	slaac_init(&s, &port, craft_mac);
	slaac_start(&s, now);
	ck_assert_uint_eq(w.solicited, 1);
}

static inline void
turn(void)
{
	ck_assert_uint_ne(s.deadline, TIME_NEVER);
	now = s.deadline > now ? s.deadline : now;
	slaac_timeout(&s, now);
}

static inline void
hear_from(const struct ip6 *source, unsigned lifetime_s, const char *options)
{
	struct craft c;

	craft_ra(&c, 0, lifetime_s, options);
	ck_assert_ptr_null(slaac_receive(&s, c.data, c.size, 255, source, now));
}

static inline void
hear_with(unsigned flags, const struct ip6 *source, unsigned lifetime_s)
{
	struct craft c;

	craft_ra(&c, flags, lifetime_s, "");
	ck_assert_ptr_null(slaac_receive(&s, c.data, c.size, 255, source, now));
}

static inline void
hear(unsigned lifetime_s, const char *options)
{
	hear_from(&router, lifetime_s, options);
}

/* A prefix option: bits, flags and two times in hexadecimal. */
static inline const char *
prefix(const char *bits, const char *flags, unsigned valid_s, unsigned preferred_s)
{
	static char text[100];

	snprintf(text, sizeof(text), "0304%s%s%08x%08x00000000" NET, bits, flags, valid_s, preferred_s);
	return text;
}

#endif

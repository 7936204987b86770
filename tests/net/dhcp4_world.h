/* SPDX-License-Identifier: GPL-3.0-only */
/* One DHCPv4 client and a clock that the test turns. */
#ifndef TESTS_NET_DHCP4_WORLD_H
#define TESTS_NET_DHCP4_WORLD_H

#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/clock.h"
#include "../../init/net/dhcp4.h"
#include "craft.h"

#define SERVER 0x0a000001
#define MINE 0x0a000005
#define OFFER "3604 0a000001 0104 ffffff00 0304 0a000001 3304 00000258" /* 600 s */

/* What the client did last, and how often. */
struct world {
	uint8_t message[DHCP4_BUILT];
	size_t size;
	uint32_t from, to;
	unsigned sent, probes, announced, bound, lost;
	const char *why;
	struct dhcp4_lease lease;
};

static struct world w;
static struct dhcp4 d;
static uint64_t now;

static inline void
on_send(void *arg, const uint8_t *message, size_t size, uint32_t from, uint32_t to)
{
	struct world *world = arg;

	memcpy(world->message, message, size);
	world->size = size;
	world->from = from;
	world->to = to;
	world->sent++;
}

static inline void
on_arp(void *arg, uint32_t from, uint32_t address)
{
	((struct world *)arg)->probes += from == 0;
	((struct world *)arg)->announced += from == address;
	ck_assert_uint_eq(address, d.lease.address);
}

static inline void
on_bound(void *arg, const struct dhcp4_lease *l)
{
	((struct world *)arg)->bound++;
	((struct world *)arg)->lease = *l;
}

static inline void
on_lost(void *arg, const char *why)
{
	((struct world *)arg)->lost++;
	((struct world *)arg)->why = why;
}

static const struct dhcp4_port port = {&w, on_send, on_arp, on_bound, on_lost};

static inline unsigned
sent_type(void)
{
	ck_assert_uint_eq(w.message[240], 53);
	return w.message[242];
}

static inline uint32_t
sent_option(unsigned option)
{
	for (size_t at = 240; at < w.size && w.message[at] != 0xff; at += 2u + w.message[at + 1])
		if (w.message[at] == option)
			return get32(w.message + at + 2);
	return 0;
}

/* To the next deadline. */
static inline void
turn(void)
{
	ck_assert_uint_ne(d.deadline, TIME_NEVER);
	now = d.deadline > now ? d.deadline : now;
	dhcp4_timeout(&d, now);
}

static inline const char *
answer_from(unsigned type, uint32_t address, const char *options)
{
	struct craft c;

	craft_dhcp4(&c, type, get32(w.message + 4), address, options);
	return dhcp4_receive(&d, c.data, c.size, now);
}

static inline void
begin(void)
{
	w = (struct world){.sent = 0};
	now = 1000000;
	dhcp4_init(&d, &port, craft_mac);
	ck_assert_uint_eq(d.deadline, TIME_NEVER);
	dhcp4_start(&d, now);
}

/* DISCOVER, OFFER, REQUEST, ACK, three probes. */
static inline void
get_lease(void)
{
	begin();
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
	ck_assert_ptr_null(answer_from(DHCP4_OFFER, MINE, OFFER));
	ck_assert_uint_eq(sent_type(), DHCP4_REQUEST);
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE, OFFER));
	for (int i = 0; i < 3; i++)
		turn();
	ck_assert_uint_eq(w.bound, 1);
	ck_assert_int_eq(d.state, DHCP4_BOUND);
	/* Neighbours are told, and once more. */
	ck_assert_uint_eq(w.announced, 1);
	turn();
	ck_assert_uint_eq(w.announced, 2);
	ck_assert_int_eq(d.state, DHCP4_BOUND);
}

#endif

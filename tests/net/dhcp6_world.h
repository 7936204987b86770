/* SPDX-License-Identifier: GPL-3.0-only */
/* One DHCPv6 client and a clock that the test turns. */
#ifndef TESTS_NET_DHCP6_WORLD_H
#define TESTS_NET_DHCP6_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/clock.h"
#include "../../init/net/dhcp6.h"
#include "craft.h"

/* T1 50 s, T2 80 s, valid for 200 s. */
#define ADDRESS "0005 0018 fd000000000000000000000000000010 00000064 000000c8"
#define OTHER "0005 0018 fd000000000000000000000000000011 00000064 000000c8"
#define NA "0003 0028 00123456 00000032 00000050 " ADDRESS
#define NA_NO_TIMES "0003 0028 00123456 00000000 00000000 " ADDRESS
#define NA_OTHER "0003 0028 00123456 00000032 00000050 " OTHER
#define NA_NONE "0003 0012 00123456 00000000 00000000 000d 0002 0002"
#define NA_UNKNOWN "0003 0012 00123456 00000000 00000000 000d 0002 0003"
#define PD "0019 0029 00123456 00000032 00000050 " \
	"001a 0019 00000064 000000c8 38 fd001200000000000000000000000000"
#define DNS "0017 0010 fd000000000000000000000000000053"

struct world {
	uint8_t message[DHCP6_BUILT];
	size_t size;
	unsigned sent, changed, gone;
};

static struct world w;
static struct dhcp6 d;
static uint64_t now;

static inline void
on_send(void *arg, const uint8_t *message, size_t size)
{
	struct world *world = arg;

	memcpy(world->message, message, size);
	world->size = size;
	world->sent++;
}

static inline void
on_changed(void *arg)
{
	((struct world *)arg)->changed++;
}

static inline void
on_gone(void *arg, const struct dhcp6_lease *l)
{
	(void)l;
	((struct world *)arg)->gone++;
}

static const struct dhcp6_port port = {&w, on_send, on_changed, on_gone};

static inline int
sent_has(unsigned option)
{
	for (size_t at = 4; at < w.size; at += 4u + get16(w.message + at + 2))
		if (get16(w.message + at) == option)
			return 1;
	return 0;
}

static inline void
begin(int addresses, int prefixes)
{
	w = (struct world){.sent = 0};
	now = 1000000;
	dhcp6_init(&d, &port, craft_mac);
	dhcp6_want(&d, addresses, prefixes, now);
	ck_assert_uint_eq(w.sent, 1);
}

static inline void
turn(void)
{
	ck_assert_uint_ne(d.deadline, TIME_NEVER);
	now = d.deadline > now ? d.deadline : now;
	dhcp6_timeout(&d, now);
}

static inline const char *
answer(unsigned type, const char *options)
{
	struct craft c;

	craft_dhcp6(&c, type, get32(w.message) & 0xffffff, options);
	return dhcp6_receive(&d, c.data, c.size, now);
}

static inline void
get_lease(void)
{
	begin(1, 0);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA));
	turn();
	ck_assert_uint_eq(w.message[0], DHCP6_REQUEST);
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA DNS));
	ck_assert_int_eq(d.state, DHCP6_BOUND);
}

#endif

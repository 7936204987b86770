/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The guest's three network clients, and a network that says what it likes, in any order:
 * what is given up was had, nobody is made to send without end, and each waits for a time that
 * is still to come.
 *
 * First byte: which client. Then steps: 0 to 63, so many of its deadlines come; else a message
 * of so many bytes as the next two say, made to look like an answer to what it has asked.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/clock.h"
#include "../../init/net/dhcp4.h"
#include "../../init/net/dhcp6.h"
#include "../../init/net/slaac.h"

#define SENT_AT_ONCE 4 /* by one step: an old exchange's last and a new one's first, twice */
#define STEPS 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t mac[MAC_BYTES] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
static uint8_t asked[600]; /* the head of the last message */
static unsigned sent, bound, routers, links, addresses;
static struct ip6 by_place[SLAAC_ROUTERS];
static uint64_t now;
static uint32_t chance;

static void
must(int what)
{
	if (!what)
		abort();
}

/* In place of init/net/clock.c. */
uint32_t
random_bits(void)
{
	chance = chance * 1664525u + 1013904223u;
	return chance ^ chance >> 16;
}

uint64_t
clock_now(void)
{
	return now;
}

static void
keep(const uint8_t *message, size_t size)
{
	must(size <= sizeof(asked));
	memcpy(asked, message, size);
	sent++;
}

/* ---- DHCPv4 ---------------------------------------------------------- */

static void
on_send4(void *arg, const uint8_t *message, size_t size, uint32_t from, uint32_t to)
{
	(void)arg;
	/* Only who has an address speaks from it. */
	must(from == 0 || bound);
	(void)to;
	keep(message, size);
}

static void
on_arp(void *arg, uint32_t from, uint32_t address)
{
	(void)arg;
	must(address != 0 && (from == 0 || from == address));
}

static void
on_bound(void *arg, const struct dhcp4_lease *l)
{
	(void)arg;
	must(ipv4_is_host(l->address) && l->bits > 0 && l->bits <= 32);
	bound = 1;
}

static void
on_lost(void *arg, const char *why)
{
	(void)arg;
	(void)why;
	must(bound);
	bound = 0;
}

static const struct dhcp4_port port4 = {NULL, on_send4, on_arp, on_bound, on_lost};
static struct dhcp4 d4;

static void
begin4(void)
{
	dhcp4_init(&d4, &port4, mac);
	dhcp4_start(&d4, now);
}

static uint64_t
turn4(void)
{
	now = d4.deadline != TIME_NEVER && d4.deadline > now ? d4.deadline : now;
	dhcp4_timeout(&d4, now);
	return d4.deadline;
}

static void
hear4(uint8_t *m, size_t size)
{
	if (size < 240)
		return;
	m[0] = 2;
	memcpy(m + 1, "\1\6", 2);
	memcpy(m + 4, asked + 4, 4);
	memcpy(m + 28, mac, MAC_BYTES);
	put32(m + 236, 0x63825363);
	dhcp4_receive(&d4, m, size, now);
	if (m[1] == 1 && m[3] == 255)
		dhcp4_conflict(&d4, now);
	must(dhcp4_is_bound(&d4) == (int)bound);
}

/* ---- DHCPv6 ---------------------------------------------------------- */

static void
on_send6(void *arg, const uint8_t *message, size_t size)
{
	(void)arg;
	keep(message, size);
}

static void
on_changed(void *arg)
{
	(void)arg;
}

static void
on_gone6(void *arg, const struct dhcp6_lease *l)
{
	(void)arg;
	must(ipv6_is_host(&l->address));
}

static const struct dhcp6_port port6 = {NULL, on_send6, on_changed, on_gone6};
static struct dhcp6 d6;

static void
begin6(void)
{
	dhcp6_init(&d6, &port6, mac);
	dhcp6_want(&d6, 1, 1, now);
}

static uint64_t
turn6(void)
{
	now = d6.deadline != TIME_NEVER && d6.deadline > now ? d6.deadline : now;
	dhcp6_timeout(&d6, now);
	return d6.deadline;
}

static void
hear6(uint8_t *m, size_t size)
{
	static const uint8_t both[] = {0, 1, 0, 10, 0, 3, 0, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56,
		0, 2, 0, 4, 0, 3, 0, 1};
	uint8_t whole[1500];

	if (size < 1 || size > sizeof(whole) - 4 - sizeof(both))
		return;
	whole[0] = m[0] & 1 ? DHCP6_REPLY : DHCP6_ADVERTISE;
	memcpy(whole + 1, asked + 1, 3);
	memcpy(whole + 4, both, sizeof(both));
	memcpy(whole + 4 + sizeof(both), m + 1, size - 1);
	dhcp6_receive(&d6, whole, 4 + sizeof(both) + size - 1, now);
	if (m[0] & 0x80 && d6.addresses.ia.count > 0)
		dhcp6_duplicate(&d6, &d6.addresses.ia.leases[0].address, now);
	must(d6.addresses.ia.count <= DHCP6_LEASES && d6.prefixes.ia.count <= DHCP6_LEASES);
}

/* ---- Routers --------------------------------------------------------- */

static void
on_solicit(void *arg)
{
	(void)arg;
	sent++;
}

static void
on_address(void *arg, const struct slaac_prefix *p)
{
	const struct slaac *s = arg;

	addresses |= 1u << (p - s->prefixes);
	must(p->preferred_until <= p->valid_until && p->valid_until > now);
}

static void
on_address_gone(void *arg, const struct slaac_prefix *p)
{
	const struct slaac *s = arg;

	must(addresses >> (p - s->prefixes) & 1);
	addresses &= ~(1u << (p - s->prefixes));
}

static void
on_link(void *arg, const struct slaac_prefix *p)
{
	const struct slaac *s = arg;

	links |= 1u << (p - s->prefixes);
	must(p->bits > 0 && p->bits <= 128 && p->link_until > now);
}

static void
on_link_gone(void *arg, const struct slaac_prefix *p)
{
	const struct slaac *s = arg;

	must(links >> (p - s->prefixes) & 1);
	links &= ~(1u << (p - s->prefixes));
}

/* Nobody gets a place before the route of who had it is gone. */
static void
on_router(void *arg, const struct slaac_router *r, unsigned place)
{
	(void)arg;
	must(place < SLAAC_ROUTERS && r->preference <= RA_HIGH && ipv6_is_link_local(&r->address));
	must(!(routers >> place & 1) || ipv6_equal(&by_place[place], &r->address));
	routers |= 1u << place;
	by_place[place] = r->address;
}

static void
on_router_gone(void *arg, const struct slaac_router *r, unsigned place)
{
	(void)arg;
	must(routers >> place & 1 && ipv6_equal(&by_place[place], &r->address));
	routers &= ~(1u << place);
}

static void
on_advertised(void *arg, const struct ra *ra)
{
	(void)arg;
	(void)ra;
}

static struct slaac s6;
static const struct slaac_port port_ra = {&s6, on_solicit, on_address, on_address_gone, on_link,
	on_link_gone, on_router, on_router_gone, on_advertised};

static void
begin_ra(void)
{
	slaac_init(&s6, &port_ra, mac);
	slaac_start(&s6, now);
}

static uint64_t
turn_ra(void)
{
	now = s6.deadline != TIME_NEVER && s6.deadline > now ? s6.deadline : now;
	slaac_timeout(&s6, now);
	return s6.deadline;
}

static void
hear_ra(uint8_t *m, size_t size)
{
	struct ip6 source = {{0xfe, 0x80}};

	if (size < 16)
		return;
	source.byte[15] = m[1];
	m[0] = ICMP6_RA;
	m[1] = 0;
	slaac_receive(&s6, m, size, 255, &source, now);
	if (m[2] == 255)
		slaac_again(&s6);
	if (m[3] == 255)
		slaac_duplicate(&s6, &s6.prefixes[m[2] % SLAAC_PREFIXES].address);
}

static const struct {
	void (*begin)(void);
	uint64_t (*turn)(void);
	void (*hear)(uint8_t *, size_t);
} clients[] = {
	{begin4, turn4, hear4},
	{begin6, turn6, hear6},
	{begin_ra, turn_ra, hear_ra},
};

static void
turns(unsigned client, unsigned count)
{
	for (unsigned i = 0; i <= count; i++) {
		uint64_t deadline;

		sent = 0;
		deadline = clients[client].turn();
		must(sent <= SENT_AT_ONCE && deadline > now);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	unsigned client, steps = 0;

	if (size == 0)
		return 0;
	client = *data++ % 3;
	now = 1000000;
	chance = bound = routers = links = addresses = 0;
	memset(asked, 0, sizeof(asked));
	clients[client].begin();
	for (; data < end && steps < STEPS; steps++) {
		uint8_t step = *data++, message[1500];
		size_t bytes;

		if (step < 64) {
			turns(client, step);
			continue;
		}
		if (end - data < 2)
			break;
		bytes = get16(data) % sizeof(message);
		data += 2;
		bytes = bytes > (size_t)(end - data) ? (size_t)(end - data) : bytes;
		memcpy(message, data, bytes);
		data += bytes;
		sent = 0;
		clients[client].hear(message, bytes);
		must(sent <= SENT_AT_ONCE);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* A life with a DHCPv4 server, on a clock that the test turns. */
#include "unit.h"

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

static void
on_send(void *arg, const uint8_t *message, size_t size, uint32_t from, uint32_t to)
{
	struct world *world = arg;

	memcpy(world->message, message, size);
	world->size = size;
	world->from = from;
	world->to = to;
	world->sent++;
}

static void
on_arp(void *arg, uint32_t from, uint32_t address)
{
	((struct world *)arg)->probes += from == 0;
	((struct world *)arg)->announced += from == address;
	ck_assert_uint_eq(address, d.lease.address);
}

static void
on_bound(void *arg, const struct dhcp4_lease *l)
{
	((struct world *)arg)->bound++;
	((struct world *)arg)->lease = *l;
}

static void
on_lost(void *arg, const char *why)
{
	((struct world *)arg)->lost++;
	((struct world *)arg)->why = why;
}

static const struct dhcp4_port port = {&w, on_send, on_arp, on_bound, on_lost};

static unsigned
sent_type(void)
{
	ck_assert_uint_eq(w.message[240], 53);
	return w.message[242];
}

static uint32_t
sent_option(unsigned option)
{
	for (size_t at = 240; at < w.size && w.message[at] != 0xff; at += 2u + w.message[at + 1])
		if (w.message[at] == option)
			return get32(w.message + at + 2);
	return 0;
}

/* To the next deadline. */
static void
turn(void)
{
	ck_assert_uint_ne(d.deadline, TIME_NEVER);
	now = d.deadline > now ? d.deadline : now;
	dhcp4_timeout(&d, now);
}

static const char *
answer_from(unsigned type, uint32_t address, const char *options)
{
	struct craft c;

	craft_dhcp4(&c, type, get32(w.message + 4), address, options);
	return dhcp4_receive(&d, c.data, c.size, now);
}

static void
begin(void)
{
	w = (struct world){.sent = 0};
	now = 1000000;
	dhcp4_init(&d, &port, craft_mac);
	ck_assert_uint_eq(d.deadline, TIME_NEVER);
	dhcp4_start(&d, now);
}

/* DISCOVER, OFFER, REQUEST, ACK, three probes. */
static void
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

START_TEST(four_messages)
{
	uint64_t start;

	begin();
	start = now;
	ck_assert_uint_eq(w.to, 0);
	ck_assert_uint_eq(w.from, 0);
	ck_assert_ptr_null(answer_from(DHCP4_OFFER, MINE, OFFER));
	ck_assert_uint_eq(sent_option(50), MINE);
	ck_assert_uint_eq(sent_option(54), SERVER);
	ck_assert_uint_eq(get32(w.message + 12), 0);
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE, OFFER));
	ck_assert_uint_eq(w.bound, 0);
	ck_assert(!dhcp4_is_bound(&d));
	turn();
	turn();
	turn();
	ck_assert_uint_eq(w.probes, 3);
	ck_assert_uint_eq(w.bound, 1);
	ck_assert(dhcp4_is_bound(&d));
	ck_assert_uint_eq(w.lease.address, MINE);
	/* A guest's start waits for this. */
	ck_assert_uint_lt(now - start, 1000);
	turn();
	ck_assert_uint_eq(d.deadline, start + 300000);
	ck_assert_uint_eq(d.expires, start + 600000);
}
END_TEST

/* 1, 2, 4 ... 64 s, each a tenth more or less, for ever. */
START_TEST(no_server)
{
	uint64_t wanted = 1000;
	uint32_t xid;

	begin();
	xid = get32(w.message + 4);
	for (int i = 0; i < 12; i++) {
		uint64_t before = now;

		ck_assert_int_eq(w.message[10] >> 7, i >= 2);
		turn();
		ck_assert_uint_ge(now - before, wanted * 9 / 10);
		ck_assert_uint_le(now - before, wanted * 11 / 10);
		wanted = wanted < 64000 ? wanted * 2 : wanted;
		ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
		ck_assert_uint_eq(get32(w.message + 4), xid);
	}
	ck_assert_uint_eq(get16(w.message + 8), (unsigned)((now - 1000000) / 1000));
	ck_assert_uint_eq(w.sent, 13);
}
END_TEST

START_TEST(other_xid_each_time)
{
	uint32_t first;

	begin();
	first = get32(w.message + 4);
	begin();
	ck_assert_uint_ne(get32(w.message + 4), first);
}
END_TEST

/* The request is tried four times, then it begins anew. */
START_TEST(no_ack)
{
	begin();
	answer_from(DHCP4_OFFER, MINE, OFFER);
	for (int i = 0; i < 3; i++) {
		turn();
		ck_assert_uint_eq(sent_type(), DHCP4_REQUEST);
	}
	turn();
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
}
END_TEST

START_TEST(ignored)
{
	struct craft c;

	begin();
	ck_assert_pstr_eq(answer_from(DHCP4_ACK, MINE, OFFER), "no offer");
	craft_dhcp4(&c, DHCP4_OFFER, get32(w.message + 4) + 1, MINE, OFFER);
	ck_assert_pstr_eq(dhcp4_receive(&d, c.data, c.size, now), "of another exchange");
	ck_assert_pstr_eq(dhcp4_receive(&d, c.data, 200, now), "too short or too long");
	answer_from(DHCP4_OFFER, MINE, OFFER);
	ck_assert_pstr_eq(answer_from(DHCP4_OFFER, MINE + 1, OFFER), "a late offer");
	ck_assert_pstr_eq(answer_from(DHCP4_ACK, MINE, "3604 0a000002 3304 00000258"),
		"of another server");
	ck_assert_uint_eq(d.lease.address, MINE);
	answer_from(DHCP4_ACK, MINE, OFFER);
	ck_assert_pstr_eq(answer_from(DHCP4_NAK, 0, "3604 0a000001"), "nothing was asked");
	ck_assert_int_eq(d.state, DHCP4_PROBING);
}
END_TEST

/* The first NAK begins anew at once, further ones ever later. */
START_TEST(nak)
{
	uint64_t wanted = 1000;

	begin();
	for (int i = 0; i < 9; i++) {
		uint64_t before = now;

		ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
		ck_assert_ptr_null(answer_from(DHCP4_OFFER, MINE, OFFER));
		ck_assert_ptr_null(answer_from(DHCP4_NAK, 0, "3604 0a000001"));
		if (i == 0)
			continue;
		ck_assert_int_eq(d.state, DHCP4_WAITING);
		turn();
		ck_assert_uint_ge(now - before, wanted * 9 / 10);
		ck_assert_uint_le(now - before, wanted * 11 / 10);
		wanted = wanted < 64000 ? wanted * 2 : wanted;
	}
	ck_assert_uint_eq(w.lost, 0);
}
END_TEST

START_TEST(used_address)
{
	begin();
	answer_from(DHCP4_OFFER, MINE, OFFER);
	answer_from(DHCP4_ACK, MINE, OFFER);
	turn();
	dhcp4_conflict(&d, now);
	ck_assert_uint_eq(sent_type(), DHCP4_DECLINE);
	ck_assert_uint_eq(sent_option(50), MINE);
	ck_assert_uint_eq(sent_option(54), SERVER);
	ck_assert_uint_eq(w.to, 0);
	ck_assert_uint_eq(w.bound, 0);
	ck_assert_uint_gt(d.deadline, now);
	turn();
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
	answer_from(DHCP4_OFFER, MINE + 1, OFFER);
	answer_from(DHCP4_ACK, MINE + 1, OFFER);
	turn();
	turn();
	turn();
	ck_assert_uint_eq(w.lease.address, MINE + 1);
	dhcp4_conflict(&d, now); /* too late to be one */
	ck_assert(dhcp4_is_bound(&d));
}
END_TEST

START_TEST(renewed)
{
	uint64_t asked;

	get_lease();
	turn();
	asked = now;
	ck_assert_uint_eq(now, 1000000 + 300000);
	ck_assert_int_eq(d.state, DHCP4_RENEWING);
	ck_assert_uint_eq(sent_type(), DHCP4_REQUEST);
	ck_assert_uint_eq(w.to, SERVER);
	ck_assert_uint_eq(w.from, MINE);
	ck_assert_uint_eq(get32(w.message + 12), MINE);
	ck_assert_uint_eq(sent_option(50), 0);
	ck_assert_uint_eq(sent_option(54), 0);
	now += 50;
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE, OFFER));
	ck_assert_uint_eq(w.bound, 2);
	ck_assert_uint_eq(w.lost, 0);
	ck_assert_uint_eq(d.expires, asked + 600000);
	ck_assert_uint_eq(d.deadline, asked + 300000);
}
END_TEST

/* Unanswered: again after half of the rest, at T2 everybody is asked, then it is over. */
START_TEST(expired)
{
	unsigned sent;

	get_lease();
	turn();
	sent = w.sent;
	while (now < d.t2)
		turn();
	ck_assert_int_eq(d.state, DHCP4_REBINDING);
	ck_assert_uint_ge(w.sent - sent, 2);
	ck_assert_uint_le(w.sent - sent, 6);
	ck_assert_uint_eq(w.to, 0);
	ck_assert_uint_eq(w.from, MINE);
	ck_assert_uint_eq(get32(w.message + 12), MINE);
	ck_assert(dhcp4_is_bound(&d));
	while (now < d.expires && d.state == DHCP4_REBINDING)
		turn();
	ck_assert_uint_eq(now, 1000000 + 600000);
	ck_assert_uint_eq(w.lost, 1);
	ck_assert_str_eq(w.why, "the lease has expired");
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
	ck_assert(!dhcp4_is_bound(&d));
}
END_TEST

START_TEST(rebound)
{
	get_lease();
	while (d.state != DHCP4_REBINDING)
		turn();
	/* Another server, another time. */
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE, "3604 0a000002 3304 00000064"));
	ck_assert_int_eq(d.state, DHCP4_BOUND);
	ck_assert_uint_eq(w.lost, 0);
	turn();
	ck_assert_uint_eq(w.to, 0x0a000002);
}
END_TEST

START_TEST(refused_renewal)
{
	get_lease();
	turn();
	ck_assert_ptr_null(answer_from(DHCP4_NAK, 0, "3604 0a000001"));
	ck_assert_uint_eq(w.lost, 1);
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
}
END_TEST

START_TEST(another_address)
{
	get_lease();
	turn();
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE + 1, OFFER));
	ck_assert_uint_eq(w.lost, 1);
	ck_assert_int_eq(d.state, DHCP4_PROBING);
	turn();
	turn();
	turn();
	ck_assert_uint_eq(w.lease.address, MINE + 1);
}
END_TEST

START_TEST(for_ever)
{
	begin();
	answer_from(DHCP4_OFFER, MINE, "3604 0a000001 3304 ffffffff");
	answer_from(DHCP4_ACK, MINE, "3604 0a000001 3304 ffffffff");
	turn();
	turn();
	turn();
	ck_assert(dhcp4_is_bound(&d));
	turn();
	ck_assert_uint_eq(d.deadline, TIME_NEVER);
	/* Asked again after a pause of the link, it stays all the same. */
	dhcp4_resume(&d, now);
	ck_assert_uint_eq(w.sent, 3);
	while (d.deadline != TIME_NEVER)
		turn();
	ck_assert_uint_eq(w.sent, 6);
	ck_assert(dhcp4_is_bound(&d));
}
END_TEST

/* A server that was slow to offer anything: its time counts from the request. */
START_TEST(late_offer)
{
	begin();
	while (now < 1000000 + 100000)
		turn();
	answer_from(DHCP4_OFFER, MINE, OFFER);
	now += 500;
	answer_from(DHCP4_ACK, MINE, OFFER);
	ck_assert_uint_eq(d.expires, now - 500 + 600000);
}
END_TEST

/* A lease of a second does not make a packet a microsecond. */
START_TEST(shortest)
{
	begin();
	answer_from(DHCP4_OFFER, MINE, "3604 0a000001 3304 00000001");
	answer_from(DHCP4_ACK, MINE, "3604 0a000001 3304 00000001");
	turn();
	turn();
	turn();
	ck_assert_uint_ge(d.deadline, 1000000 + 1000);
}
END_TEST

START_TEST(resumed)
{
	get_lease();
	now += 1000;
	dhcp4_resume(&d, now);
	ck_assert(dhcp4_is_bound(&d));
	/* As after a start, again soon, and counted from then. */
	ck_assert_uint_eq(sent_option(50), MINE);
	ck_assert_uint_eq(sent_option(54), 0);
	ck_assert_uint_eq(get32(w.message + 12), 0);
	ck_assert_uint_eq(w.from, 0);
	turn();
	ck_assert_uint_le(now, 1000000 + 2450 + 1000 + 1100);
	ck_assert_uint_eq(sent_option(50), MINE);
	ck_assert_ptr_null(answer_from(DHCP4_ACK, MINE, OFFER));
	ck_assert_int_eq(d.state, DHCP4_BOUND);
	ck_assert_uint_gt(d.expires, 1000000 + 600000);
	ck_assert_uint_eq(w.lost, 0);
	ck_assert_uint_eq(d.deadline, d.t1);
	/* Nobody answers: it is used to its end, and asked for. */
	dhcp4_resume(&d, now);
	while (d.state == DHCP4_REBOOTING)
		turn();
	ck_assert_int_eq(d.state, DHCP4_REBINDING);
	ck_assert_uint_eq(get32(w.message + 12), MINE);
	while (w.lost == 0)
		turn();
	ck_assert_uint_eq(now, d.began);
	get_lease();
	dhcp4_resume(&d, now);
	ck_assert_ptr_null(answer_from(DHCP4_NAK, 0, "3604 0a000001"));
	ck_assert_uint_eq(w.lost, 1);
	get_lease();
	dhcp4_stop(&d, "because");
	ck_assert_uint_eq(w.lost, 1);
	ck_assert_uint_eq(d.deadline, TIME_NEVER);
	dhcp4_resume(&d, now);
	ck_assert_uint_eq(sent_type(), DHCP4_DISCOVER);
}
END_TEST

START_TEST(released)
{
	unsigned sent;

	get_lease();
	dhcp4_release(&d, now);
	ck_assert_uint_eq(sent_type(), DHCP4_RELEASE);
	/* From the address to the server, who knows it by the address alone. */
	ck_assert_uint_eq(get32(w.message + 12), MINE);
	ck_assert_uint_eq(w.from, MINE);
	ck_assert_uint_eq(w.to, SERVER);
	ck_assert_uint_eq(sent_option(54), SERVER);
	ck_assert_uint_eq(sent_option(50), 0);
	ck_assert_uint_eq(sent_option(55), 0);
	ck_assert_uint_eq(w.lost, 1);
	ck_assert_int_eq(d.state, DHCP4_OFF);
	ck_assert_uint_eq(d.deadline, TIME_NEVER);
	sent = w.sent;
	dhcp4_release(&d, now);
	ck_assert_uint_eq(w.sent, sent);
	/* What is not bound has nothing to give back. */
	begin();
	ck_assert_ptr_null(answer_from(DHCP4_OFFER, MINE, OFFER));
	sent = w.sent;
	dhcp4_release(&d, now);
	ck_assert_uint_eq(w.sent, sent);
}
END_TEST

Suite *
dhcp4_suite(void)
{
	Suite *s = suite_create("net-dhcp4");
	TCase *c = tcase_create("dhcp4");

	tcase_add_test(c, four_messages);
	tcase_add_test(c, no_server);
	tcase_add_test(c, other_xid_each_time);
	tcase_add_test(c, no_ack);
	tcase_add_test(c, ignored);
	tcase_add_test(c, nak);
	tcase_add_test(c, used_address);
	tcase_add_test(c, renewed);
	tcase_add_test(c, expired);
	tcase_add_test(c, rebound);
	tcase_add_test(c, refused_renewal);
	tcase_add_test(c, another_address);
	tcase_add_test(c, for_ever);
	tcase_add_test(c, late_offer);
	tcase_add_test(c, shortest);
	tcase_add_test(c, resumed);
	tcase_add_test(c, released);
	suite_add_tcase(s, c);
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* A life with a DHCPv6 server, on a clock that the test turns. */
#include "unit.h"

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

static void
on_send(void *arg, const uint8_t *message, size_t size)
{
	struct world *world = arg;

	memcpy(world->message, message, size);
	world->size = size;
	world->sent++;
}

static void
on_changed(void *arg)
{
	((struct world *)arg)->changed++;
}

static void
on_gone(void *arg, const struct dhcp6_lease *l)
{
	(void)l;
	((struct world *)arg)->gone++;
}

static const struct dhcp6_port port = {&w, on_send, on_changed, on_gone};

static int
sent_has(unsigned option)
{
	for (size_t at = 4; at < w.size; at += 4u + get16(w.message + at + 2))
		if (get16(w.message + at) == option)
			return 1;
	return 0;
}

static void
begin(int addresses, int prefixes)
{
	w = (struct world){.sent = 0};
	now = 1000000;
	dhcp6_init(&d, &port, craft_mac);
	dhcp6_want(&d, addresses, prefixes, now);
	ck_assert_uint_eq(w.sent, 1);
}

static void
turn(void)
{
	ck_assert_uint_ne(d.deadline, TIME_NEVER);
	now = d.deadline > now ? d.deadline : now;
	dhcp6_timeout(&d, now);
}

static const char *
answer(unsigned type, const char *options)
{
	struct craft c;

	craft_dhcp6(&c, type, get32(w.message) & 0xffffff, options);
	return dhcp6_receive(&d, c.data, c.size, now);
}

static void
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

START_TEST(four_messages)
{
	begin(1, 0);
	ck_assert(sent_has(3) && !sent_has(25) && sent_has(14) && !sent_has(2));
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA));
	ck_assert_int_eq(d.state, DHCP6_SOLICITING); /* a better one may come */
	turn();
	ck_assert_uint_ge(now, 1000000 + 1000);
	ck_assert(sent_has(2));
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA DNS));
	ck_assert_uint_eq(w.changed, 1);
	ck_assert_uint_eq(d.addresses.ia.count, 1);
	ck_assert_uint_eq(d.addresses.valid_until[0], now + 200000);
	ck_assert_uint_eq(d.dns_count, 1);
	ck_assert_uint_eq(d.deadline, now + 50000);
	ck_assert_uint_eq(d.expires, now + 200000);
}
END_TEST

START_TEST(best_answer)
{
	begin(1, 0);
	ck_assert_pstr_eq(answer(DHCP6_ADVERTISE, NA_NONE), "nothing that is wanted is in it");
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA "0007 0001 01"));
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA_OTHER "0007 0001 09"));
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA "0007 0001 08"));
	turn();
	ck_assert_int_eq(d.addresses.ia.leases[0].address.byte[15], 0x11);
	/* The best there can be is not waited with. */
	begin(1, 0);
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA "0007 0001 ff"));
	ck_assert_uint_eq(w.message[0], DHCP6_REQUEST);
	/* Two of what is wanted are better than one. */
	begin(1, 1);
	answer(DHCP6_ADVERTISE, NA "0007 0001 09");
	answer(DHCP6_ADVERTISE, NA_OTHER PD);
	turn();
	ck_assert_int_eq(d.addresses.ia.leases[0].address.byte[15], 0x11);
}
END_TEST

START_TEST(rapid_commit)
{
	begin(1, 0);
	ck_assert_pstr_eq(answer(DHCP6_REPLY, NA), "no offer");
	ck_assert_ptr_null(answer(DHCP6_REPLY, "000e 0000" NA));
	ck_assert_int_eq(d.state, DHCP6_BOUND);
	ck_assert_uint_eq(w.sent, 1);
}
END_TEST

/* After the first wait any answer is taken at once. */
START_TEST(late_server)
{
	begin(1, 0);
	turn();
	ck_assert_uint_eq(w.sent, 2);
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA));
	ck_assert_uint_eq(w.message[0], DHCP6_REQUEST);
}
END_TEST

START_TEST(no_server)
{
	uint64_t last = 0;

	begin(1, 0);
	for (int i = 0; i < 20; i++) {
		uint64_t before = now;

		turn();
		ck_assert_uint_ge((now - before) * 100, last * 170 > 324000000 ? 324000000 : last * 170);
		ck_assert_uint_le(now - before, 3960000);
		last = now - before;
	}
	ck_assert_uint_eq(w.sent, 21);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	/* A server that does not want to be asked so often, nor so seldom. */
	begin(1, 0);
	answer(DHCP6_ADVERTISE, NA_NONE "0052 0004 00000078");
	for (int i = 0; i < 20; i++) {
		uint64_t before = now;

		turn();
		ck_assert_uint_le(now - before, 132000);
	}
}
END_TEST

START_TEST(no_reply)
{
	begin(1, 0);
	answer(DHCP6_ADVERTISE, NA);
	turn();
	for (int i = 0; i < 9; i++) {
		turn();
		ck_assert_uint_eq(w.message[0], DHCP6_REQUEST);
	}
	turn();
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
}
END_TEST

START_TEST(ignored)
{
	struct craft c;

	begin(1, 0);
	craft_dhcp6(&c, DHCP6_ADVERTISE, (get32(w.message) & 0xffffff) ^ 1, NA);
	ck_assert_pstr_eq(dhcp6_receive(&d, c.data, c.size, now), "of another exchange");
	ck_assert_ptr_nonnull(dhcp6_receive(&d, c.data, c.size - 1, now));
	get_lease();
	ck_assert_pstr_eq(answer(DHCP6_REPLY, NA), "nothing was asked");
}
END_TEST

START_TEST(renewed)
{
	uint64_t asked;

	get_lease();
	turn();
	asked = now;
	ck_assert_uint_eq(w.message[0], DHCP6_RENEW);
	ck_assert(sent_has(2) && sent_has(3) && !sent_has(14));
	now += 100;
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA));
	ck_assert_uint_eq(d.addresses.valid_until[0], asked + 200000);
	ck_assert_uint_eq(w.gone, 0);
	ck_assert_uint_eq(w.changed, 2);
}
END_TEST

START_TEST(expired)
{
	uint64_t bound;

	get_lease();
	bound = now;
	while (d.state != DHCP6_REBINDING)
		turn();
	ck_assert_uint_eq(now, bound + 80000);
	ck_assert_uint_eq(w.message[0], DHCP6_REBIND);
	ck_assert(!sent_has(2));
	while (w.gone == 0)
		turn();
	ck_assert_uint_eq(now, bound + 200000);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	ck_assert_uint_eq(d.addresses.ia.count, 0);
	ck_assert_uint_eq(w.changed, 2);
}
END_TEST

START_TEST(rebound_elsewhere)
{
	get_lease();
	while (d.state != DHCP6_REBINDING)
		turn();
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA_OTHER));
	ck_assert_uint_eq(w.gone, 1); /* the one that is not named any more */
	ck_assert_int_eq(d.addresses.ia.leases[0].address.byte[15], 0x11);
}
END_TEST

START_TEST(forgotten)
{
	get_lease();
	turn();
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA_UNKNOWN));
	ck_assert_uint_eq(w.message[0], DHCP6_REQUEST);
	ck_assert_uint_eq(w.gone, 0);
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA));
	ck_assert_int_eq(d.state, DHCP6_BOUND);
}
END_TEST

START_TEST(default_times)
{
	begin(1, 0);
	ck_assert_ptr_null(answer(DHCP6_REPLY, "000e 0000" NA_NO_TIMES));
	ck_assert_uint_eq(d.t1, now + 50000);
	ck_assert_uint_eq(d.t2, now + 80000);
	/* Times of nothing do not make a storm. */
	begin(1, 0);
	ck_assert_ptr_null(answer(DHCP6_REPLY, "000e 0000 0003 0028 00123456 00000000 00000000 "
		"0005 0018 fd000000000000000000000000000010 00000000 000000c8"));
	ck_assert_uint_ge(d.deadline, now + 1000);
}
END_TEST

START_TEST(delegation)
{
	begin(0, 1);
	ck_assert(!sent_has(3) && sent_has(25));
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, PD "0007 0001 ff"));
	ck_assert_ptr_null(answer(DHCP6_REPLY, PD));
	ck_assert_int_eq(d.prefixes.ia.leases[0].bits, 56);
	ck_assert_uint_eq(d.deadline, now + 50000);
	turn();
	ck_assert_uint_eq(w.message[0], DHCP6_RENEW);
	ck_assert(sent_has(25));
	while (d.prefixes.ia.count > 0)
		turn();
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	ck_assert_uint_eq(w.gone, 0);
}
END_TEST

START_TEST(information)
{
	begin(0, 0);
	ck_assert_uint_eq(w.message[0], DHCP6_INFORMATION);
	ck_assert(!sent_has(3) && !sent_has(25));
	ck_assert_ptr_null(answer(DHCP6_REPLY, DNS "0020 0004 00000e10"));
	ck_assert_uint_eq(d.dns_count, 1);
	ck_assert_uint_eq(d.deadline, now + 3600000);
	dhcp6_want(&d, 0, 0, now);
	ck_assert_uint_eq(w.sent, 1); /* it is known */
	turn();
	ck_assert_uint_eq(w.message[0], DHCP6_INFORMATION);
	answer(DHCP6_REPLY, DNS);
	ck_assert_uint_eq(d.deadline, now + 86400000);
	/* A router says that there are addresses after all. */
	dhcp6_want(&d, 1, 0, now);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
}
END_TEST

START_TEST(duplicate)
{
	struct ip6 mine, other;

	get_lease();
	mine = d.addresses.ia.leases[0].address;
	other = mine;
	other.byte[0] ^= 1;
	dhcp6_duplicate(&d, &other, now);
	ck_assert_int_eq(d.state, DHCP6_BOUND);
	dhcp6_duplicate(&d, &mine, now);
	ck_assert_uint_eq(w.message[0], DHCP6_DECLINE);
	ck_assert(sent_has(2) && sent_has(3));
	ck_assert_ptr_null(answer(DHCP6_REPLY, "000d 0002 0000"));
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	get_lease();
	dhcp6_duplicate(&d, &mine, now);
	for (int i = 0; i < 4; i++)
		turn();
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
}
END_TEST

START_TEST(resumed)
{
	get_lease();
	dhcp6_resume(&d, now);
	ck_assert_uint_eq(w.message[0], DHCP6_REBIND);
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA));
	ck_assert_uint_eq(w.gone, 0);
	dhcp6_init(&d, &port, craft_mac);
	dhcp6_resume(&d, now);
	ck_assert_int_eq(d.state, DHCP6_OFF);
}
END_TEST

/* A server that offers and then gives nothing: asked again at once, then ever later. */
START_TEST(broken_promises)
{
	static const char *const nothing[] = {NA_NONE, NA_UNKNOWN,
		"0003 0028 00123456 00000000 00000000 "
		"0005 0018 fd000000000000000000000000000010 00000000 00000000"};
	uint64_t wanted = 1000;

	for (unsigned k = 0; k < 3; k++, wanted = 1000) {
		begin(1, 0);
		for (int i = 0; i < 12; i++) {
			uint64_t before = now;

			ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
			ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA "0007 0001 ff"));
			answer(DHCP6_REPLY, nothing[k]);
			ck_assert_int_eq(d.state, DHCP6_SOLICITING);
			ck_assert_uint_eq(d.addresses.ia.count, 0);
			if (i == 0)
				continue;
			turn();
			ck_assert_uint_ge(now - before, wanted * 9 / 10);
			ck_assert_uint_le(now - before, wanted * 11 / 10);
			wanted = wanted < 128000 ? wanted * 2 : wanted;
		}
	}
	/* An offer of nothing is none. */
	begin(1, 0);
	ck_assert_pstr_eq(answer(DHCP6_ADVERTISE, nothing[2]), "nothing that is wanted is in it");
	/* One that keeps its word is as good as new. */
	begin(1, 0);
	answer(DHCP6_ADVERTISE, NA "0007 0001 ff");
	answer(DHCP6_REPLY, NA_NONE);
	answer(DHCP6_ADVERTISE, NA "0007 0001 ff");
	answer(DHCP6_REPLY, NA);
	ck_assert_uint_eq(d.failures, 0);
}
END_TEST

/* Whatever T1 and T2 are, a lease is renewed before its end, and ends then. */
START_TEST(odd_times)
{
	static const char *const odd[] = {"ffffffff ffffffff", "00000064 ffffffff",
		"00001000 00002000"};

	for (unsigned i = 0; i < 3; i++) {
		char options[200];
		uint64_t start;

		snprintf(options, sizeof(options), "000e 0000 0003 0028 00123456 %s " ADDRESS DNS,
			odd[i]);
		begin(1, 0);
		start = now;
		ck_assert_ptr_null(answer(DHCP6_REPLY, options));
		ck_assert_uint_eq(d.dns_count, 1);
		turn();
		ck_assert_uint_eq(now, start + 100000);
		ck_assert_uint_eq(w.message[0], DHCP6_RENEW);
		while (w.gone == 0)
			turn();
		ck_assert_uint_eq(now, start + 200000);
		ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
		/* Its name servers are over with it. */
		ck_assert_uint_eq(d.dns_count, 0);
	}
}
END_TEST

/* While the server is asked for what it has forgotten, time goes on. */
START_TEST(ends_while_requested)
{
	get_lease();
	while (d.state != DHCP6_REBINDING || d.expires - now > 60000)
		turn();
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA_UNKNOWN));
	ck_assert_int_eq(d.state, DHCP6_REQUESTING);
	while (w.gone == 0)
		turn();
	ck_assert_uint_eq(now, d.began);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
}
END_TEST

/* Of two that were offered one is given. */
START_TEST(half_a_promise)
{
	begin(1, 1);
	answer(DHCP6_ADVERTISE, NA PD "0007 0001 ff");
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA));
	ck_assert_int_eq(d.state, DHCP6_BOUND);
	ck_assert_uint_eq(d.addresses.ia.count, 1);
	ck_assert_uint_eq(d.prefixes.ia.count, 0);
}
END_TEST

START_TEST(taken_back)
{
	get_lease();
	turn();
	ck_assert_ptr_null(answer(DHCP6_REPLY, "0003 0028 00123456 00000000 00000000 "
		"0005 0018 fd000000000000000000000000000010 00000000 00000000"));
	ck_assert_uint_eq(w.gone, 1);
	ck_assert_uint_eq(w.message[0], DHCP6_SOLICIT);
	ck_assert_uint_eq(d.dns_count, 0);
}
END_TEST

/* The other address of the association goes too, as it is asked for anew. */
START_TEST(duplicate_of_two)
{
	struct ip6 mine;

	begin(1, 0);
	ck_assert_ptr_null(answer(DHCP6_REPLY,
		"000e 0000 0003 0044 00123456 00000032 00000050 " ADDRESS OTHER));
	ck_assert_uint_eq(d.addresses.ia.count, 2);
	mine = d.addresses.ia.leases[0].address;
	dhcp6_duplicate(&d, &mine, now);
	ck_assert_uint_eq(w.gone, 1);
	ck_assert_uint_eq(d.addresses.ia.count, 1);
	ck_assert(ipv6_equal(&d.addresses.ia.leases[0].address, &mine));
	ck_assert_uint_eq(w.message[0], DHCP6_DECLINE);
}
END_TEST

START_TEST(released)
{
	begin(1, 1);
	ck_assert_ptr_null(answer(DHCP6_ADVERTISE, NA PD));
	turn();
	ck_assert_ptr_null(answer(DHCP6_REPLY, NA PD));
	ck_assert(dhcp6_is_bound(&d));
	dhcp6_release(&d, now);
	ck_assert_uint_eq(w.message[0], DHCP6_RELEASE);
	ck_assert(sent_has(2) && sent_has(3) && sent_has(25) && !sent_has(6));
	/* What is given back is named. */
	ck_assert_ptr_nonnull(memmem(w.message, w.size, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10", 16));
	ck_assert_uint_eq(w.gone, 1);
	ck_assert(!dhcp6_is_bound(&d));
	ck_assert_uint_eq(w.sent, 3);
	dhcp6_release(&d, now);
	dhcp6_timeout(&d, now += 100000000);
	ck_assert_uint_eq(w.sent, 3);
	ck_assert_ptr_nonnull(answer(DHCP6_REPLY, NA));
}
END_TEST

Suite *
dhcp6_suite(void)
{
	Suite *s = suite_create("net-dhcp6");
	TCase *c = tcase_create("dhcp6");

	tcase_add_test(c, four_messages);
	tcase_add_test(c, best_answer);
	tcase_add_test(c, rapid_commit);
	tcase_add_test(c, late_server);
	tcase_add_test(c, no_server);
	tcase_add_test(c, no_reply);
	tcase_add_test(c, ignored);
	tcase_add_test(c, renewed);
	tcase_add_test(c, expired);
	tcase_add_test(c, rebound_elsewhere);
	tcase_add_test(c, forgotten);
	tcase_add_test(c, default_times);
	tcase_add_test(c, delegation);
	tcase_add_test(c, information);
	tcase_add_test(c, duplicate);
	tcase_add_test(c, resumed);
	tcase_add_test(c, broken_promises);
	tcase_add_test(c, odd_times);
	tcase_add_test(c, ends_while_requested);
	tcase_add_test(c, half_a_promise);
	tcase_add_test(c, taken_back);
	tcase_add_test(c, duplicate_of_two);
	tcase_add_test(c, released);
	suite_add_tcase(s, c);
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* A life with a DHCPv6 server, on a clock that the test turns. */
#include "unit.h"

#include "dhcp6_world.h"

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
	tcase_add_test(c, late_server);
	tcase_add_test(c, no_server);
	tcase_add_test(c, no_reply);
	tcase_add_test(c, renewed);
	tcase_add_test(c, expired);
	tcase_add_test(c, rebound_elsewhere);
	tcase_add_test(c, delegation);
	tcase_add_test(c, information);
	tcase_add_test(c, duplicate);
	tcase_add_test(c, resumed);
	tcase_add_test(c, duplicate_of_two);
	tcase_add_test(c, released);
	suite_add_tcase(s, c);
	return s;
}

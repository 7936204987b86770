/* SPDX-License-Identifier: GPL-3.0-only */
/* Which answers of DHCPv6 servers are taken, and what is kept of bad ones. */
#include "unit.h"

#include "dhcp6_world.h"

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

/* A server that offers and then gives nothing: asked again at once, then ever later. */
START_TEST(broken_promises)
{
	static const char *const nothing[] = {NA_NONE, NA_UNKNOWN,
		("0003 0028 00123456 00000000 00000000 "
		 "0005 0018 fd000000000000000000000000000010 00000000 00000000")};
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

Suite *
dhcp6_answer_suite(void)
{
	Suite *s = suite_create("net-dhcp6-answer");
	TCase *c = tcase_create("dhcp6-answer");

	tcase_add_test(c, best_answer);
	tcase_add_test(c, rapid_commit);
	tcase_add_test(c, ignored);
	tcase_add_test(c, forgotten);
	tcase_add_test(c, default_times);
	tcase_add_test(c, broken_promises);
	tcase_add_test(c, odd_times);
	tcase_add_test(c, ends_while_requested);
	tcase_add_test(c, half_a_promise);
	tcase_add_test(c, taken_back);
	suite_add_tcase(s, c);
	return s;
}

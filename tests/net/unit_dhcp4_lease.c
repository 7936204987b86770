/* SPDX-License-Identifier: GPL-3.0-only */
/* The life of a lease: renewed, rebound, ended, given back. */
#include "unit.h"

#include "dhcp4_world.h"

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
dhcp4_lease_suite(void)
{
	Suite *s = suite_create("net-dhcp4-lease");
	TCase *c = tcase_create("dhcp4-lease");

	tcase_add_test(c, renewed);
	tcase_add_test(c, expired);
	tcase_add_test(c, rebound);
	tcase_add_test(c, refused_renewal);
	tcase_add_test(c, another_address);
	tcase_add_test(c, for_ever);
	tcase_add_test(c, resumed);
	tcase_add_test(c, released);
	suite_add_tcase(s, c);
	return s;
}

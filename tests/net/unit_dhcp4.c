/* SPDX-License-Identifier: GPL-3.0-only */
/* From a DISCOVER to a lease, on a clock that the test turns. */
#include "unit.h"

#include "dhcp4_world.h"

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
	tcase_add_test(c, late_offer);
	tcase_add_test(c, shortest);
	suite_add_tcase(s, c);
	return s;
}

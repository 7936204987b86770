/* SPDX-License-Identifier: GPL-3.0-only */
/* What routers say, and when it ends: RFC 4861 and 4862 on a clock that the test turns. */
#include "unit.h"

#include "slaac_world.h"

START_TEST(an_address)
{
	struct ip6 wanted;

	begin();
	ipv6_parse("2001:db8:0:1:5054:ff:fe12:3456", &wanted);
	hear(1800, prefix("40", "c0", 3600, 600));
	ck_assert_uint_eq(w.addresses, 1);
	ck_assert_uint_eq(w.links, 1);
	ck_assert_uint_eq(w.routers, 1);
	ck_assert_uint_eq(w.advertised, 1);
	ck_assert(ipv6_equal(&w.last.address, &wanted));
	ck_assert_uint_eq(w.last.valid_until, now + HOUR);
	ck_assert_uint_eq(w.last.preferred_until, now + 10 * MINUTE);
	/* Nobody is asked any more. */
	ck_assert_uint_eq(s.deadline, now + 30 * MINUTE);
}
END_TEST

START_TEST(not_believed)
{
	struct craft c;

	begin();
	craft_ra(&c, 0, 1800, prefix("40", "c0", 3600, 600));
	ck_assert_ptr_nonnull(slaac_receive(&s, c.data, c.size, 64, &router, now));
	ck_assert_ptr_nonnull(slaac_receive(&s, c.data, c.size, 255, &w.last.prefix, now));
	ck_assert_uint_eq(w.addresses + w.links + w.routers + w.advertised, 0);
}
END_TEST

START_TEST(ends)
{
	begin();
	hear(1800, prefix("40", "c0", 3600, 600));
	turn();
	ck_assert_uint_eq(now, 1000000 + 30 * MINUTE);
	ck_assert_uint_eq(w.routers_gone, 1);
	ck_assert_uint_eq(w.over, 1);
	/* Without a router another is looked for. */
	ck_assert_uint_eq(w.solicited, 2);
	while (w.addresses_gone == 0)
		turn();
	ck_assert_uint_eq(now, 1000000 + HOUR);
	ck_assert_uint_eq(w.links_gone, 1);
}
END_TEST

START_TEST(no_router)
{
	uint64_t wanted = 4000;

	begin();
	for (int i = 0; i < 14; i++) {
		uint64_t before = now;

		turn();
		ck_assert_uint_ge(now - before, wanted * 9 / 10);
		ck_assert_uint_le(now - before, wanted * 11 / 10);
		wanted = wanted * 2 < HOUR ? wanted * 2 : HOUR;
	}
	ck_assert_uint_eq(w.solicited, 15);
}
END_TEST

START_TEST(told_again)
{
	begin();
	hear(1800, prefix("40", "c0", 3600, 600));
	hear_from(&second, 900, prefix("38", "80", 3600, 600));
	ck_assert_uint_eq(w.addresses, 1);
	ck_assert_uint_eq(w.links, 2);
	slaac_again(&s);
	ck_assert_uint_eq(w.addresses, 2);
	ck_assert_uint_eq(w.links, 4);
	ck_assert_uint_eq(w.routers, 4);
	slaac_timeout(&s, now += HOUR);
	slaac_again(&s);
	ck_assert_uint_eq(w.addresses, 2);
	ck_assert_uint_eq(w.links, 4);
	ck_assert_uint_eq(w.routers, 4);
}
END_TEST

START_TEST(duplicate)
{
	struct ip6 mine;

	begin();
	hear(1800, prefix("40", "c0", 3600, 600));
	mine = w.last.address;
	slaac_duplicate(&s, &mine);
	ck_assert_uint_eq(w.addresses_gone, 1);
	ck_assert_uint_eq(w.links_gone, 0);
	hear(1800, prefix("40", "c0", 3600, 600));
	ck_assert_uint_eq(w.addresses, 1); /* not tried again */
	ck_assert_uint_eq(w.links, 2);
}
END_TEST

Suite *
slaac_suite(void)
{
	Suite *suite = suite_create("net-slaac");
	TCase *c = tcase_create("slaac");

	tcase_add_test(c, an_address);
	tcase_add_test(c, not_believed);
	tcase_add_test(c, ends);
	tcase_add_test(c, no_router);
	tcase_add_test(c, told_again);
	tcase_add_test(c, duplicate);
	suite_add_tcase(suite, c);
	return suite;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* What is kept of advertisements, and of whom if there is no room for all. */
#include "unit.h"

#include "slaac_world.h"

START_TEST(flags_and_length)
{
	begin();
	hear(0, prefix("40", "80", 3600, 600)); /* on the link only */
	ck_assert_uint_eq(w.addresses, 0);
	ck_assert_uint_eq(w.links, 1);
	hear(0, prefix("38", "40", 3600, 600)); /* 56 bits and 64 are no address */
	ck_assert_uint_eq(w.addresses, 0);
	hear(0, prefix("38", "c0", 3600, 600));
	ck_assert_uint_eq(w.addresses, 0);
	ck_assert_uint_eq(w.links, 2);
	ck_assert_int_eq(w.last.bits, 56);
	hear(0, prefix("40", "40", 3600, 600)); /* an address, but neighbours are not direct */
	ck_assert_uint_eq(w.addresses, 1);
	ck_assert_uint_eq(w.links, 2);
	hear(0, prefix("40", "40", 0, 0));      /* two hours' rule */
	ck_assert_uint_eq(w.addresses_gone, 0);
	ck_assert_uint_eq(w.routers, 0);
}
END_TEST

static const struct {
	unsigned before_s, said_s, wanted_s;
} two_hours[] = {
	{3600, 7201, 7201},  /* more than two hours: believed */
	{3600, 3601, 3601},  /* longer than what is left: believed */
	{3600, 60, 3600},    /* less than two hours are left: stays */
	{3600, 0, 3600},
	{36000, 60, 7200},   /* more are left: two hours */
	{36000, 0, 7200},
	{36000, 7200, 7200},
	{36000, 7201, 7201},
	{UINT32_MAX, 1, 7200},
	{60, UINT32_MAX, UINT32_MAX},
};

START_TEST(two_hours_row)
{
	begin();
	hear(0, prefix("40", "40", two_hours[_i].before_s, 0));
	hear(0, prefix("40", "40", two_hours[_i].said_s, 0));
	ck_assert_uint_eq(w.addresses, 2);
	ck_assert_uint_eq(w.last.valid_until, time_after(now, two_hours[_i].wanted_s));
	/* The preferred time has no such rule. */
	ck_assert_uint_eq(w.last.preferred_until, now);
}
END_TEST

START_TEST(several_routers)
{
	begin();
	hear_from(&router, 1800, "");
	ck_assert_uint_eq(w.place, 0);
	hear_from(&second, 900, "");
	ck_assert_uint_eq(w.place, 1);
	hear_from(&router, 0, "");
	ck_assert_uint_eq(w.routers_gone, 1);
	ck_assert_uint_eq(w.place, 0);
	hear_from(&router, 0, "");
	ck_assert_uint_eq(w.routers_gone, 1);
	hear_from(&second, 900, "");
	ck_assert_uint_eq(w.place, 1);
	for (unsigned char i = 10; i < 20; i++) {
		struct ip6 more = second;

		more.byte[15] = i;
		hear_from(&more, 900, "");
	}
	/* Each has its turn, and none has more than one place. */
	ck_assert_uint_eq(w.routers, 3 + 10);
}
END_TEST

/* Routers fe80::10 and on, as many as there are places. */
static void
fill_routers(unsigned flags, unsigned lifetime_s)
{
	for (unsigned char i = 0; i < SLAAC_ROUTERS; i++) {
		struct ip6 rogue = {{0xfe, 0x80, [15] = (uint8_t)(16 + i)}};
		struct craft c;

		craft_ra(&c, flags, lifetime_s, "");
		ck_assert_ptr_null(slaac_receive(&s, c.data, c.size, 255, &rogue, now));
	}
}

static int
has_router(const struct ip6 *address)
{
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (s.routers[i].used && ipv6_equal(&s.routers[i].address, address))
			return 1;
	return 0;
}

START_TEST(rogue_routers)
{
	static const struct {
		unsigned flags, lifetime_s;
	} rogues[] = {{0, 9000}, {0x18, 9000}, {0x08, 9000}};

	begin();
	fill_routers(rogues[_i].flags, rogues[_i].lifetime_s);
	hear(1800, "");
	ck_assert(has_router(&router));
	ck_assert_uint_eq(w.routers_gone, 1);
	/* Whose place it was is gone for the kernel too, before the place is another's. */
	ck_assert_uint_eq(w.routers, SLAAC_ROUTERS + 1);
	hear(1800, "");
	ck_assert_uint_eq(w.routers_gone, 1);
}
END_TEST

START_TEST(least_router_goes)
{
	begin();
	fill_routers(0, 1800);
	/* The second one is no good, and of the rest the last one ends first. */
	hear_with(0x18, &(struct ip6){{0xfe, 0x80, [15] = 17}}, 9000);
	hear_with(0, &(struct ip6){{0xfe, 0x80, [15] = 19}}, 600);
	hear_from(&router, 1800, "");
	ck_assert(!has_router(&(struct ip6){{0xfe, 0x80, [15] = 17}}));
	hear_from(&second, 1800, "");
	ck_assert(!has_router(&(struct ip6){{0xfe, 0x80, [15] = 19}}));
	ck_assert(has_router(&router) && has_router(&second));
	/* One that says it is none needs no place. */
	hear_from(&(struct ip6){{0xfe, 0x80, [15] = 99}}, 0, "");
	ck_assert(has_router(&router) && has_router(&second));
}
END_TEST

START_TEST(another_preference)
{
	begin();
	hear(1800, "");
	hear_with(0x08, &router, 1800);
	/* It has another metric then, so the route of the old one goes. */
	ck_assert_uint_eq(w.routers_gone, 1);
	ck_assert_uint_eq(w.routers, 2);
	ck_assert_uint_eq(s.routers[0].preference, RA_HIGH);
	hear_with(0x08, &router, 1800);
	ck_assert_uint_eq(w.routers_gone, 1);
}
END_TEST

#define DNS(life) "1903 0000 " life " 20010db8000000000000000000000053"

START_TEST(name_servers)
{
	begin();
	hear(1800, DNS("00000258") "1f02 0000 00000258 0161 00 0000000000");
	ck_assert_int_eq(s.dns[0].used, 1);
	ck_assert_str_eq(s.search, "a");
	ck_assert_uint_eq(s.deadline, now + 10 * MINUTE);
	hear(1800, DNS("00000000"));
	ck_assert_int_eq(s.dns[0].used, 0);
	hear(1800, DNS("0000003c"));
	turn();
	ck_assert_uint_eq(now, 1000000 + MINUTE);
	ck_assert_int_eq(s.dns[0].used, 0);
	ck_assert_uint_eq(w.over, 1);
	turn();
	ck_assert_str_eq(s.search, "");
}
END_TEST

START_TEST(domains)
{
	begin();
	hear(1800, "1f020000 00000258 0161 00 0000000000");
	ck_assert_str_eq(s.search, "a");
	/* Another's domain is not this router's to end, its own is. */
	hear(1800, "1f020000 00000000 0162 00 0000000000");
	ck_assert_str_eq(s.search, "a");
	hear(1800, "1f020000 00000000 0161 00 0000000000");
	ck_assert_str_eq(s.search, "");
}
END_TEST

START_TEST(more_than_room)
{
	begin();
	for (int i = 0; i < 20; i++) {
		char option[100];

		snprintf(option, sizeof(option),
			"030440c000000e100000025800000000 2001 0db8 0000 %04x 0000000000000000", i + 1);
		hear(0, option);
	}
	/* What is new has a place, and what had it is gone. */
	ck_assert_uint_eq(w.addresses, 20);
	ck_assert_uint_eq(w.links, 20);
	ck_assert_uint_eq(w.addresses_gone, 20 - SLAAC_PREFIXES);
	ck_assert_uint_eq(w.links_gone, 20 - SLAAC_PREFIXES);
}
END_TEST

static int
has_prefix(unsigned char number)
{
	for (unsigned i = 0; i < SLAAC_PREFIXES; i++)
		if (s.prefixes[i].used && s.prefixes[i].prefix.byte[7] == number)
			return 1;
	return 0;
}

static void
hear_prefix(unsigned char number, const char *flags, unsigned valid_s)
{
	char option[100];

	snprintf(option, sizeof(option), "030440%s%08x0000000000000000 2001 0db8 0000 %04x "
		"0000000000000000", flags, valid_s, number);
	hear(0, option);
}

/* The one that ends first goes; a duplicate's, which is only kept in mind, before it. */
START_TEST(rogue_prefixes)
{
	struct ip6 mine;

	begin();
	hear_prefix(100, "40", 9000);
	mine = w.last.address;
	hear_prefix(101, "c0", 300);
	hear_prefix(102, "80", 200);
	for (unsigned char i = 3; i < SLAAC_PREFIXES; i++)
		hear_prefix(i, "c0", UINT32_MAX);
	slaac_duplicate(&s, &mine);
	ck_assert(has_prefix(100));
	hear_prefix(1, "c0", 1800);
	ck_assert(has_prefix(1) && !has_prefix(100));
	hear_prefix(2, "c0", 1800);
	ck_assert(has_prefix(2) && !has_prefix(102));
	ck_assert_uint_eq(w.links_gone, 1);
	hear_prefix(50, "c0", 1800);
	ck_assert(has_prefix(50) && !has_prefix(101));
	ck_assert(has_prefix(1) && has_prefix(2) && has_prefix(3));
	/* One that is over needs no place. */
	hear_prefix(60, "c0", 0);
	ck_assert(!has_prefix(60) && has_prefix(1));
}
END_TEST

START_TEST(rogue_name_servers)
{
	begin();
	for (int i = 0; i < SLAAC_DNS; i++) {
		char option[100];

		snprintf(option, sizeof(option), "19030000%08x20010db80000000000000000000000%02x",
			i == 2 ? 900 : 9000, 0x70 + i);
		hear(1800, option);
	}
	hear(1800, DNS("00000000"));
	ck_assert_int_eq(s.dns[2].server.byte[15], 0x72);
	hear(1800, DNS("00000258"));
	ck_assert_int_eq(s.dns[2].server.byte[15], 0x53);
	ck_assert_int_eq(s.dns[0].used + s.dns[1].used + s.dns[2].used + s.dns[3].used, 4);
}
END_TEST

Suite *
slaac_learn_suite(void)
{
	Suite *suite = suite_create("net-slaac-learn");
	TCase *c = tcase_create("slaac-learn");

	tcase_add_test(c, flags_and_length);
	tcase_add_loop_test(c, two_hours_row, 0, (int)(sizeof(two_hours) / sizeof(two_hours[0])));
	tcase_add_test(c, several_routers);
	tcase_add_loop_test(c, rogue_routers, 0, 3);
	tcase_add_test(c, least_router_goes);
	tcase_add_test(c, another_preference);
	tcase_add_test(c, rogue_prefixes);
	tcase_add_test(c, rogue_name_servers);
	tcase_add_test(c, name_servers);
	tcase_add_test(c, domains);
	tcase_add_test(c, more_than_room);
	suite_add_tcase(suite, c);
	return suite;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Advertisements that a host may believe, and all the others. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../init/net/ra.h"
#include "craft.h"

#define PREFIX "03 04 40 c0 00000e10 00000708 00000000 20010db8000000010000000000000000"
#define MTU "05 01 0000 00000578"
#define DNS "19 03 0000 00000258 20010db8000000000000000000000053"
#define SEARCH "1f 02 0000 00000258 0161 00 0000000000"
#define EVERYTHING PREFIX MTU DNS SEARCH "01 01 525400aaaaaa"

static const struct ip6 router = {{0xfe, 0x80, [15] = 1}};

static const char *
parse(struct ra *ra, const uint8_t *data, size_t size, int hops, const struct ip6 *source)
{
	uint8_t *copy = craft_exact(data, size);
	const char *why = ra_parse(ra, copy, size, hops, source);

	free(copy);
	return why;
}

START_TEST(everything)
{
	struct ip6 prefix, dns;
	struct craft c;
	struct ra ra;

	ipv6_parse("2001:db8:0:1::", &prefix);
	ipv6_parse("2001:db8::53", &dns);
	craft_ra(&c, 0xc0, 1800, EVERYTHING);
	ck_assert_ptr_null(parse(&ra, c.data, c.size, 255, &router));
	ck_assert_uint_eq(ra.lifetime_s, 1800);
	ck_assert_uint_eq(ra.hop_limit, 64);
	ck_assert(ra.managed && ra.other);
	ck_assert_uint_eq(ra.prefix_count, 1);
	ck_assert(ipv6_equal(&ra.prefixes[0].prefix, &prefix));
	ck_assert_int_eq(ra.prefixes[0].bits, 64);
	ck_assert(ra.prefixes[0].on_link && ra.prefixes[0].autonomous);
	ck_assert_uint_eq(ra.prefixes[0].valid_s, 3600);
	ck_assert_uint_eq(ra.prefixes[0].preferred_s, 1800);
	ck_assert_uint_eq(ra.mtu, 1400);
	ck_assert_uint_eq(ra.dns_count, 1);
	ck_assert(ipv6_equal(&ra.dns[0].server, &dns));
	ck_assert_uint_eq(ra.dns[0].lifetime_s, 600);
	ck_assert_str_eq(ra.search, "a");
	ck_assert_uint_eq(ra.search_s, 600);
}
END_TEST

/* RFC 4191, 2.2: what is reserved counts as nothing said. */
START_TEST(preferences)
{
	static const struct {
		unsigned flags, wanted;
	} rows[] = {{0x00, RA_MEDIUM}, {0x08, RA_HIGH}, {0x10, RA_MEDIUM}, {0x18, RA_LOW},
		{0xe7, RA_MEDIUM}, {0xff, RA_LOW}};
	struct craft c;
	struct ra ra;

	craft_ra(&c, rows[_i].flags, 1800, "");
	ck_assert_ptr_null(parse(&ra, c.data, c.size, 255, &router));
	ck_assert_uint_eq(ra.preference, rows[_i].wanted);
}
END_TEST

START_TEST(whom_to_believe)
{
	static const struct ip6 global = {{0x20, 1, [15] = 1}}, none;
	struct craft c;
	struct ra ra;

	craft_ra(&c, 0, 1800, EVERYTHING);
	ck_assert_pstr_eq(parse(&ra, c.data, c.size, 64, &router),
		"it was forwarded: its hop limit is not 255");
	ck_assert_ptr_nonnull(parse(&ra, c.data, c.size, 254, &router));
	ck_assert_ptr_nonnull(parse(&ra, c.data, c.size, -1, &router));
	ck_assert_pstr_eq(parse(&ra, c.data, c.size, 255, &global), "its source is not link-local");
	ck_assert_ptr_nonnull(parse(&ra, c.data, c.size, 255, &none));
	c.data[1] = 1;
	ck_assert_pstr_eq(parse(&ra, c.data, c.size, 255, &router), "no router advertisement");
	c.data[1] = 0;
	c.data[0] = 136;
	ck_assert_ptr_nonnull(parse(&ra, c.data, c.size, 255, &router));
}
END_TEST

static const struct {
	const char *options;
	int taken;
	unsigned prefixes;
} rows[] = {
	{"", 1, 0},
	{PREFIX PREFIX, 1, 2},
	{"fe 01 000000000000", 1, 0},                    /* unknown */
	{"05 00 0000 00000578", 0, 0},                   /* length 0 */
	{"05 02 0000 00000578", 0, 0},                   /* longer than the packet */
	{"05 01 0000 00000578 05", 0, 0},
	{"03 03 40 c0 00000e10 00000708 00000000 20010db800000001", 1, 0},
	{"03 04 81 c0 00000e10 00000708 00000000 20010db8000000010000000000000000", 1, 0},
	{"03 04 00 c0 00000e10 00000708 00000000 20010db8000000010000000000000000", 1, 0},
	{"03 04 40 c0 00000e10 00000e11 00000000 20010db8000000010000000000000000", 1, 0},
	{"03 04 40 c0 00000e10 00000708 00000000 fe800000000000000000000000000000", 1, 0},
	{"03 04 40 c0 00000e10 00000708 00000000 ff020000000000000000000000000000", 1, 0},
	{"19 02 0000 00000258 20010db800000000", 1, 0},
	{"19 04 0000 00000258 20010db8000000000000000000000053 0000000000000000", 1, 0},
	{"1f 01 0000 00000258", 1, 0},
	{"1f 02 0000 00000258 4161000000000000", 1, 0},
};

START_TEST(row)
{
	struct craft c;
	struct ra ra;
	const char *why;

	craft_ra(&c, 0, 0, rows[_i].options);
	why = parse(&ra, c.data, c.size, 255, &router);
	ck_assert_int_eq(why == NULL, rows[_i].taken);
	if (!why)
		ck_assert_uint_eq(ra.prefix_count, rows[_i].prefixes);
	/* Malformed ones are left out, the router counts all the same. */
	ck_assert_uint_eq(ra.dns_count, 0);
	ck_assert_str_eq(ra.search, "");
}
END_TEST

/* An MTU below what IPv6 needs would cut the machine off. */
START_TEST(small_mtu)
{
	struct craft c;
	struct ra ra;

	craft_ra(&c, 0, 0, "05 01 0000 000004ff");
	ck_assert_ptr_null(parse(&ra, c.data, c.size, 255, &router));
	ck_assert_uint_eq(ra.mtu, 0);
}
END_TEST

START_TEST(more_than_room)
{
	struct craft c;
	struct ra ra;

	craft_ra(&c, 0, 0, "");
	for (int i = 0; i < 12; i++)
		craft_hex(&c, PREFIX DNS);
	ck_assert_ptr_null(parse(&ra, c.data, c.size, 255, &router));
	ck_assert_uint_eq(ra.prefix_count, RA_PREFIXES);
	ck_assert_uint_eq(ra.dns_count, RA_DNS);
}
END_TEST

START_TEST(truncated)
{
	struct craft c;
	struct ra ra;
	unsigned taken = 0;

	craft_ra(&c, 0, 0, EVERYTHING);
	for (size_t n = 0; n < c.size; n++)
		taken += parse(&ra, c.data, n, 255, &router) == NULL;
	/* Whole between two options only. */
	ck_assert_uint_eq(taken, 5);
}
END_TEST

START_TEST(lengths)
{
	struct craft c, changed;
	struct ra ra;

	craft_ra(&c, 0, 0, EVERYTHING);
	for (size_t at = 16; at < c.size; at += c.data[at + 1] * 8u) {
		for (unsigned value = 0; value < 256; value++) {
			changed = c;
			changed.data[at + 1] = (uint8_t)value;
			parse(&ra, changed.data, changed.size, 255, &router);
			ck_assert_uint_le(ra.prefix_count, RA_PREFIXES);
		}
	}
}
END_TEST

START_TEST(solicitation)
{
	struct craft c = {.size = 0};
	uint8_t rs[RS_BYTES];

	rs_build(rs, craft_mac);
	craft_hex(&c, "85 00 0000 00000000 01 01 525400123456");
	ck_assert_mem_eq(rs, c.data, RS_BYTES);
}
END_TEST

Suite *
ra_suite(void)
{
	Suite *s = suite_create("net-ra");
	TCase *c = tcase_create("ra");

	tcase_add_test(c, everything);
	tcase_add_loop_test(c, preferences, 0, 6);
	tcase_add_test(c, whom_to_believe);
	tcase_add_loop_test(c, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(c, small_mtu);
	tcase_add_test(c, more_than_room);
	tcase_add_test(c, truncated);
	tcase_add_test(c, lengths);
	tcase_add_test(c, solicitation);
	suite_add_tcase(s, c);
	return s;
}

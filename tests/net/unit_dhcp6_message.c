/* SPDX-License-Identifier: GPL-3.0-only */
/* Replies of DHCPv6 servers, options in options: right, and wrong on each level. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/dhcp6_message.h"
#include "craft.h"

#define ADDRESS "0005 0018 fd000000000000000000000000000010 00000064 000000c8"
#define PREFIX "001a 0019 00000064 000000c8 38 fd001200000000000000000000000000"
/* The identifiers are the last four bytes of the MAC. */
#define NA "0003 0028 00123456 00000032 00000050 " ADDRESS
#define PD "0019 0029 00123456 00000032 00000050 " PREFIX
#define DNS "0017 0010 fd000000000000000000000000000053"
#define SEARCH "0018 0003 016100"
#define STATUS "000d 0004 0000 6f6b"
#define EVERYTHING NA PD DNS SEARCH STATUS "0007 0001 05 000e 0000 0020 0004 00000e10 " \
	"0052 0004 00000078 0053 0004 00000078"

static const char *
parse(struct dhcp6_reply *r, const uint8_t *data, size_t size)
{
	uint8_t *copy = craft_exact(data, size);
	const char *why = dhcp6_parse(r, copy, size, craft_mac);

	free(copy);
	return why;
}

START_TEST(everything)
{
	struct ip6 address, prefix, dns;
	struct craft c;
	struct dhcp6_reply r;

	ipv6_parse("fd00::10", &address);
	ipv6_parse("fd00:1200::", &prefix);
	ipv6_parse("fd00::53", &dns);
	craft_dhcp6(&c, DHCP6_REPLY, 0x123456, EVERYTHING);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.type, DHCP6_REPLY);
	ck_assert_uint_eq(r.xid, 0x123456);
	ck_assert_uint_eq(r.server_bytes, 4);
	ck_assert_int_eq(r.addresses.there, 1);
	ck_assert_uint_eq(r.addresses.t1_s, 50);
	ck_assert_uint_eq(r.addresses.t2_s, 80);
	ck_assert_uint_eq(r.addresses.count, 1);
	ck_assert(ipv6_equal(&r.addresses.leases[0].address, &address));
	ck_assert_int_eq(r.addresses.leases[0].bits, 128);
	ck_assert_uint_eq(r.addresses.leases[0].preferred_s, 100);
	ck_assert_uint_eq(r.addresses.leases[0].valid_s, 200);
	ck_assert_uint_eq(r.prefixes.count, 1);
	ck_assert(ipv6_equal(&r.prefixes.leases[0].address, &prefix));
	ck_assert_int_eq(r.prefixes.leases[0].bits, 56);
	ck_assert_uint_eq(r.dns_count, 1);
	ck_assert(ipv6_equal(&r.dns[0], &dns));
	ck_assert_str_eq(r.search, "a");
	ck_assert_uint_eq(r.preference, 5);
	ck_assert_int_eq(r.rapid_commit, 1);
	ck_assert_uint_eq(r.refresh_s, 3600);
	ck_assert_uint_eq(r.solicit_max, 120);
	ck_assert_uint_eq(r.inform_max, 120);
}
END_TEST

static const struct {
	const char *options;
	int taken;
	unsigned addresses, prefixes;
} rows[] = {
	{"", 1, 0, 0},
	{NA, 1, 1, 0},
	{"0003 0028 00123457 00000032 00000050 " ADDRESS, 1, 0, 0}, /* another's number */
	{"0003 0028 00123456 00000051 00000050 " ADDRESS, 1, 0, 0}, /* T1 behind T2 */
	{"0003 0028 00123456 00000051 00000000 " ADDRESS, 1, 1, 0},
	{"0003 0029 00123456 00000032 00000050 " ADDRESS, 0, 0, 0}, /* a byte too many */
	{"0003 0027 00123456 00000032 00000050 " ADDRESS, 0, 0, 0},
	{"0003 000b 00123456 00000032 000000", 0, 0, 0},
	{"0003 002e 00123456 00000032 00000050 0005 001e fd000000000000000000000000000010 "
	 "00000064 000000c8 000d 0002 0002", 1, 0, 0},              /* it failed */
	{"0003 0028 00123456 00000032 00000050 0005 0018 "
	 "fd000000000000000000000000000010 000000c9 000000c8", 1, 0, 0},
	{"0003 0028 00123456 00000032 00000050 0005 0018 "
	 "ff020000000000000000000000000010 00000064 000000c8", 1, 0, 0},
	{"0003 0028 00123456 00000032 00000050 0005 0019 "
	 "fd000000000000000000000000000010 00000064 000000c8", 0, 0, 0},
	{PD, 1, 0, 1},
	{"0019 0029 00123456 00000032 00000050 001a 0019 00000064 000000c8 81 "
	 "fd001200000000000000000000000000", 0, 0, 0},              /* 129 bits */
	{"0019 0029 00123456 00000032 00000050 001a 0019 00000064 000000c8 00 "
	 "fd001200000000000000000000000000", 0, 0, 0},
	{"0017 000f fd0000000000000000000000000000", 0, 0, 0},
	{"0018 0002 0161", 1, 0, 0},
	{"0007 0002 0505", 0, 0, 0},
	{"000d 0001 00", 0, 0, 0},
	{"000e 0001 00", 0, 0, 0},
	{"0020 0003 000000", 0, 0, 0},
	{"0002 0004 00030001", 0, 0, 0},                            /* two servers */
	{"ffff 0001 00", 1, 0, 0},
	{"ffff 0002 00", 0, 0, 0},
	{"ffff 00", 0, 0, 0},
	{"ff", 0, 0, 0},
};

START_TEST(row)
{
	struct craft c;
	struct dhcp6_reply r;
	const char *why;

	craft_dhcp6(&c, DHCP6_REPLY, 1, rows[_i].options);
	why = parse(&r, c.data, c.size);
	ck_assert_int_eq(why == NULL, rows[_i].taken);
	if (why)
		return;
	ck_assert_uint_eq(r.addresses.count, rows[_i].addresses);
	ck_assert_uint_eq(r.prefixes.count, rows[_i].prefixes);
}
END_TEST

START_TEST(heads)
{
	struct craft c;
	struct dhcp6_reply r;

	craft_dhcp6(&c, DHCP6_SOLICIT, 1, "");
	ck_assert_pstr_eq(parse(&r, c.data, c.size), "of a type that no server sends");
	craft_dhcp6(&c, DHCP6_REPLY, 1, "");
	c.data[4 + 4 + 9] ^= 1; /* the MAC's last byte */
	ck_assert_pstr_eq(parse(&r, c.data, c.size), "for another machine");
	c.size = 0;
	craft_hex(&c, "07000001 0001 000a 0003 0001 525400123456");
	ck_assert_pstr_eq(parse(&r, c.data, c.size), "it does not say which server");
	c.size = 0;
	craft_hex(&c, "07000001 0002 0004 00030001");
	ck_assert_pstr_eq(parse(&r, c.data, c.size), "for another machine");
	ck_assert_pstr_eq(parse(&r, c.data, 3), "too short or too long");
}
END_TEST

/* Times that a server may not set are as if unset, or the least that is allowed. */
START_TEST(retry_times)
{
	struct craft c;
	struct dhcp6_reply r;

	craft_dhcp6(&c, DHCP6_REPLY, 1, "0052 0004 00000001 0053 0004 00100000 0020 0004 00000001");
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.solicit_max, 0);
	ck_assert_uint_eq(r.inform_max, 0);
	ck_assert_uint_eq(r.refresh_s, 600);
}
END_TEST

START_TEST(truncated)
{
	struct craft c;
	struct dhcp6_reply r;
	unsigned taken = 0;

	craft_dhcp6(&c, DHCP6_REPLY, 1, EVERYTHING);
	for (size_t n = 0; n < c.size; n++)
		taken += parse(&r, c.data, n) == NULL;
	/* Whole between two options of the outermost level only. */
	ck_assert_uint_eq(taken, 10);
}
END_TEST

/* The lengths on the outermost level, and those inside of the two associations. */
START_TEST(lengths)
{
	struct craft c, changed;
	struct dhcp6_reply r;
	size_t at = 4;

	craft_dhcp6(&c, DHCP6_REPLY, 1, EVERYTHING);
	while (at < c.size) {
		unsigned kind = get16(c.data + at), n = get16(c.data + at + 2);

		for (unsigned value = 0; value < 0x200; value++) {
			changed = c;
			put16(changed.data + at + 2, value);
			parse(&r, changed.data, changed.size);
			ck_assert_uint_le(r.addresses.count, DHCP6_LEASES);
			ck_assert_uint_le(r.dns_count, DHCP6_DNS);
		}
		put16(changed.data + at + 2, 0xffff);
		ck_assert_ptr_nonnull(parse(&r, changed.data, changed.size));
		at += kind == 3 || kind == 25 ? 4 + 12 : 4 + n;
	}
	ck_assert_uint_eq(at, c.size);
}
END_TEST

START_TEST(many)
{
	struct craft c;
	struct dhcp6_reply r;

	craft_dhcp6(&c, DHCP6_REPLY, 1, "0003 0060 00123456 00000032 00000050 " ADDRESS ADDRESS ADDRESS);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.addresses.count, DHCP6_LEASES);
}
END_TEST

START_TEST(built)
{
	struct dhcp6_ia na = {.count = 1}, pd = {.count = 0};
	struct craft c = {.size = 0};
	uint8_t m[DHCP6_BUILT];
	struct dhcp6_request r = {.type = DHCP6_SOLICIT,
		.xid = 0x123456,
		.elapsed_ms = 1230,
		.mac = craft_mac,
		.addresses = &na,
		.prefixes = &pd};
	size_t n;

	ipv6_parse("fd00::10", &na.leases[0].address);
	n = dhcp6_build(m, &r);
	craft_hex(&c, "01 123456 0001 000a 0003 0001 525400123456 0008 0002 007b 000e 0000 "
		      "0006 000a 0017 0018 0020 0052 0053 "
		      "0003 0028 00123456 00000000 00000000 "
		      "0005 0018 fd000000000000000000000000000010 00000000 00000000 "
		      "0019 0029 00123456 00000000 00000000 "
		      "001a 0019 00000000 00000000 40 00000000000000000000000000000000");
	ck_assert_uint_eq(n, c.size);
	ck_assert_mem_eq(m, c.data, n);
}
END_TEST

/* What is built is never longer than its room: the longest server and all leases. */
START_TEST(built_longest)
{
	static const uint8_t server[DHCP6_DUID];
	struct dhcp6_ia na = {.count = DHCP6_LEASES}, pd = {.count = DHCP6_LEASES};
	uint8_t m[DHCP6_BUILT];
	struct dhcp6_request r = {.type = DHCP6_RENEW,
		.mac = craft_mac,
		.elapsed_ms = UINT64_MAX,
		.server = server,
		.server_bytes = sizeof(server),
		.addresses = &na,
		.prefixes = &pd};

	ck_assert_uint_le(dhcp6_build(m, &r), DHCP6_BUILT);
}
END_TEST

/* One machine, two interfaces. */
START_TEST(one_identifier)
{
	static const uint8_t other[MAC_BYTES] = {2, 0, 0, 0, 0, 1};
	uint8_t a[DUID_LL_BYTES], b[DUID_LL_BYTES];

	duid_choose(craft_mac);
	duid_build(a, other);
	duid_build(b, craft_mac);
	ck_assert_mem_eq(a, b, DUID_LL_BYTES);
	ck_assert_mem_eq(a + 4, craft_mac, MAC_BYTES);
}
END_TEST

Suite *
dhcp6_message_suite(void)
{
	Suite *s = suite_create("net-dhcp6-message");
	TCase *c = tcase_create("dhcp6-message");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, everything);
	tcase_add_loop_test(c, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(c, heads);
	tcase_add_test(c, retry_times);
	tcase_add_test(c, truncated);
	tcase_add_test(c, lengths);
	tcase_add_test(c, many);
	tcase_add_test(c, built);
	tcase_add_test(c, built_longest);
	tcase_add_test(c, one_identifier);
	suite_add_tcase(s, c);
	return s;
}

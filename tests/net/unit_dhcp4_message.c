/* SPDX-License-Identifier: GPL-3.0-only */
/* Replies of DHCPv4 servers: each option, each way to be wrong. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/dhcp4_message.h"
#include "craft.h"

#define BASE "3604 0a000001 3304 00000e10 "
#define EVERYTHING                                                                       \
	BASE "0104 ffffff00 0308 0a000001 0a000002 0608 0a000003 0a000004 0c03 766d31 "  \
	     "0f07 6578616d706c65 1a02 0578 3a04 00000100 3b04 00000200 "                \
	     "7709 0161 0162 00 0163 c002 790d 00 0a000009 18 0a0102 00000000"

/* Every message that is read is an exact copy: ASan sees a byte too many. */
static const char *
parse(struct dhcp4_reply *r, const uint8_t *data, size_t size)
{
	uint8_t *copy = craft_exact(data, size);
	const char *why = dhcp4_parse(r, copy, size, craft_mac);

	free(copy);
	return why;
}

START_TEST(everything)
{
	struct craft c;
	struct dhcp4_reply r;

	craft_dhcp4(&c, DHCP4_ACK, 0x12345678, 0x0a000005, EVERYTHING);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.type, DHCP4_ACK);
	ck_assert_uint_eq(r.xid, 0x12345678);
	ck_assert_uint_eq(r.lease.address, 0x0a000005);
	ck_assert_uint_eq(r.lease.server, 0x0a000001);
	ck_assert_int_eq(r.lease.bits, 24);
	ck_assert_uint_eq(r.lease.router, 0x0a000001);
	ck_assert_uint_eq(r.lease.dns_count, 2);
	ck_assert_uint_eq(r.lease.dns[1], 0x0a000004);
	ck_assert_uint_eq(r.lease.mtu, 1400);
	ck_assert_uint_eq(r.lease.lease_s, 3600);
	ck_assert_uint_eq(r.lease.t1_s, 256);
	ck_assert_uint_eq(r.lease.t2_s, 512);
	ck_assert_str_eq(r.lease.hostname, "vm1");
	ck_assert_str_eq(r.lease.domain, "example");
	ck_assert_str_eq(r.lease.search, "a.b c.b");
	ck_assert_int_eq(r.lease.classless, 1);
	ck_assert_uint_eq(r.lease.route_count, 2);
	ck_assert_int_eq(r.lease.routes[0].bits, 0);
	ck_assert_uint_eq(r.lease.routes[0].via, 0x0a000009);
	ck_assert_uint_eq(r.lease.routes[1].to, 0x0a010200);
	ck_assert_int_eq(r.lease.routes[1].bits, 24);
	ck_assert_uint_eq(r.lease.routes[1].via, 0);
}
END_TEST

static const struct {
	const char *options;
	const char *why; /* NULL: taken */
} rows[] = {
	{BASE, NULL},
	{"", "it does not say which server"},
	{"3604 0a000001", "it does not say for how long"},
	{"3604 0a000001 3304 00000000", "it does not say for how long"},
	{BASE "0104 ffffff01", "an option is malformed"}, /* a mask with a hole */
	{BASE "0104 00000000", "an option is malformed"},
	{BASE "0103 ffffff", "an option is malformed"},
	{BASE "0105 ffffff0000", "an option is malformed"},
	{BASE "0303 0a0000", "an option is malformed"},
	{BASE "7901 21", "an option is malformed"},         /* 33 bits */
	{BASE "7904 18 0a0102", "an option is malformed"},  /* no router */
	{BASE "3401 04", "an option is malformed"},         /* overload of what? */
	{BASE "3402 0101", "an option is malformed"},
	{BASE "ff 0104", NULL},                             /* behind the end nobody reads */
	{BASE "00000000 0104 ffffff00", NULL},
	{BASE "0605 0a00000100", NULL},                     /* without it a machine can be */
	{BASE "1a01 05", NULL},
	{BASE "3a03 000001", NULL},
	{BASE "3b05 0000010000", NULL},
	{BASE "7702 0161", NULL},
	{BASE "7702 c000", NULL},
	{BASE "770b 6578616d706c652e636f6d", NULL},         /* "example.com" as text */
	{BASE "0c04 610a6262", NULL},                       /* no host name, but a lease */
	{"3602 0a00 " "3304 00000e10", "an option is malformed"},
	{BASE "3304 00000e10", "an option is malformed"},   /* twice is eight bytes (RFC 3396) */
	{BASE "0100 0104 ffffff00", NULL},
};

START_TEST(row)
{
	struct craft c;
	struct dhcp4_reply r;
	const char *why;

	craft_dhcp4(&c, DHCP4_OFFER, 1, 0x0a000005, rows[_i].options);
	why = parse(&r, c.data, c.size);
	if (rows[_i].why) {
		ck_assert_pstr_eq(why, rows[_i].why);
		return;
	}
	ck_assert_ptr_null(why);
	/* What was malformed is not there, or as if nothing had been said. */
	ck_assert_uint_eq(r.lease.dns_count, 0);
	ck_assert_uint_eq(r.lease.mtu, 0);
	ck_assert_str_eq(r.lease.search, "");
	ck_assert_uint_eq(r.lease.t1_s, r.lease.lease_s / 2);
}
END_TEST

START_TEST(headers)
{
	static const struct {
		int at;
		uint8_t value;
		const char *why;
	} changes[] = {
		{0, 1, "no reply on an ethernet"},
		{1, 6, "no reply on an ethernet"},
		{2, 8, "no reply on an ethernet"},
		{33, 0, "for another machine"},
		{236, 0, "not DHCP"},
		{242, 3, "of a type that no server sends"},
		{242, 0, "of a type that no server sends"},
		{16, 127, "it gives no address"},
		{16, 224, "it gives no address"},
	};
	struct craft c;
	struct dhcp4_reply r;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, BASE);
		c.data[changes[i].at] = changes[i].value;
		ck_assert_pstr_eq(parse(&r, c.data, c.size), changes[i].why);
	}
	craft_dhcp4(&c, DHCP4_NAK, 7, 0, "3604 0a000001");
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.type, DHCP4_NAK);
}
END_TEST

START_TEST(truncated)
{
	struct craft c;
	struct dhcp4_reply r;
	size_t taken = 0;

	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, EVERYTHING);
	for (size_t n = 0; n < c.size; n++)
		taken += parse(&r, c.data, n) == NULL;
	/* Without the last options it is a whole message too, but never inside of one. */
	ck_assert_uint_lt(taken, 14);
}
END_TEST

/* Each byte that is the length of an option, with every value that it can have. */
START_TEST(lengths)
{
	struct craft c, changed;
	struct dhcp4_reply r;

	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, EVERYTHING);
	for (size_t at = 240; at + 1 < c.size && c.data[at] != 0xff; at += 2u + c.data[at + 1]) {
		for (unsigned value = 0; value < 256; value++) {
			changed = c;
			changed.data[at + 1] = (uint8_t)value;
			parse(&r, changed.data, changed.size);
			ck_assert_uint_le(r.lease.dns_count, DHCP4_DNS);
			ck_assert_uint_le(r.lease.route_count, DHCP4_ROUTES);
		}
	}
}
END_TEST

/* Options that lie in the fields for a file's and a server's name. */
START_TEST(overload)
{
	struct craft c;
	struct dhcp4_reply r;

	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, BASE "3401 03");
	memcpy(c.data + 108, "\x01\x04\xff\xff\x00\x00\xff", 7);
	memcpy(c.data + 44, "\x06\x04\x0a\x00\x00\x03\xff", 7);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_int_eq(r.lease.bits, 16);
	ck_assert_uint_eq(r.lease.dns_count, 1);
	c.data[45] = 63; /* one more than the field holds */
	ck_assert_pstr_eq(parse(&r, c.data, c.size), "an option is malformed");
	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, BASE "3401 01");
	memcpy(c.data + 44, "\x06\x3f", 2);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.lease.dns_count, 0);
}
END_TEST

START_TEST(parted)
{
	struct craft c;
	struct dhcp4_reply r;

	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, BASE "7905 18 0a0102 0a 1a02 0578 7903 000001");
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.lease.route_count, 1);
	ck_assert_uint_eq(r.lease.routes[0].via, 0x0a000001);
	ck_assert_uint_eq(r.lease.mtu, 1400);
}
END_TEST

static const struct {
	uint32_t lease, t1, t2, want1, want2;
} times[] = {
	{3600, 0, 0, 1800, 3150},
	{3600, 100, 200, 100, 200},
	{3600, 3000, 2000, 1800, 2000},   /* T1 behind T2 */
	{3600, 0, 9999, 1800, 3150},      /* T2 behind the end */
	{3600, 3300, 0, 3300, 3600},
	{1, 0, 0, 1, 1},
	{LEASE_FOREVER, 5, 6, LEASE_FOREVER, LEASE_FOREVER},
};

START_TEST(time_row)
{
	char options[100];
	struct craft c;
	struct dhcp4_reply r;

	snprintf(options, sizeof(options), "3604 0a000001 3304 %08x 3a04 %08x 3b04 %08x",
		times[_i].lease, times[_i].t1, times[_i].t2);
	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, options);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_uint_eq(r.lease.t1_s, times[_i].want1);
	ck_assert_uint_eq(r.lease.t2_s, times[_i].want2);
}
END_TEST

START_TEST(classes)
{
	struct craft c;
	struct dhcp4_reply r;

	craft_dhcp4(&c, DHCP4_ACK, 1, 0x0a000005, BASE);
	ck_assert_ptr_null(parse(&r, c.data, c.size));
	ck_assert_int_eq(r.lease.bits, 8);
	craft_dhcp4(&c, DHCP4_ACK, 1, 0xac100005, BASE);
	parse(&r, c.data, c.size);
	ck_assert_int_eq(r.lease.bits, 16);
	craft_dhcp4(&c, DHCP4_ACK, 1, 0xc0a80005, BASE);
	parse(&r, c.data, c.size);
	ck_assert_int_eq(r.lease.bits, 24);
}
END_TEST

static int
has_option(const uint8_t *m, size_t size, unsigned option, const char *hex)
{
	struct craft c = {.size = 0};

	craft_hex(&c, hex);
	for (size_t at = 240; at < size && m[at] != 0xff; at += 2u + m[at + 1])
		if (m[at] == option)
			return m[at + 1] == c.size && memcmp(m + at + 2, c.data, c.size) == 0;
	return 0;
}

START_TEST(built)
{
	uint8_t m[DHCP4_BUILT];
	struct dhcp4_request r = {.type = DHCP4_REQUEST,
		.xid = 0xabcdef01,
		.secs = 70000,
		.broadcast = 1,
		.mac = craft_mac,
		.requested = 0x0a000005,
		.server = 0x0a000001,
		.hostname = "vm1"};
	size_t n = dhcp4_build(m, &r);

	ck_assert_uint_ge(n, 300);
	ck_assert_uint_le(n, DHCP4_BUILT);
	ck_assert_int_eq(m[0], 1);
	ck_assert_uint_eq(get32(m + 4), 0xabcdef01);
	ck_assert_uint_eq(get16(m + 8), 0xffff);
	ck_assert_uint_eq(get16(m + 10), 0x8000);
	ck_assert_uint_eq(get32(m + 12), 0);
	ck_assert_mem_eq(m + 28, craft_mac, 6);
	ck_assert(has_option(m, n, 53, "03"));
	ck_assert(has_option(m, n, 50, "0a000005"));
	ck_assert(has_option(m, n, 54, "0a000001"));
	ck_assert(has_option(m, n, 12, "766d31"));
	ck_assert(has_option(m, n, 57, "05c0"));
	ck_assert(has_option(m, n, 55, "01 79 03 06 0c 0f 1a 33 3a 3b 77"));
	r = (struct dhcp4_request){.type = DHCP4_DECLINE, .mac = craft_mac, .requested = 1, .server = 2};
	n = dhcp4_build(m, &r);
	ck_assert(has_option(m, n, 53, "04"));
	ck_assert(!has_option(m, n, 57, "05c0"));
	ck_assert_uint_eq(get16(m + 10), 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *
dhcp4_message_suite(void)
{
	Suite *s = suite_create("net-dhcp4-message");
	TCase *c = tcase_create("dhcp4-message");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, everything);
	tcase_add_loop_test(c, row, 0, COUNT(rows));
	tcase_add_test(c, headers);
	tcase_add_test(c, truncated);
	tcase_add_test(c, lengths);
	tcase_add_test(c, overload);
	tcase_add_test(c, parted);
	tcase_add_loop_test(c, time_row, 0, COUNT(times));
	tcase_add_test(c, classes);
	tcase_add_test(c, built);
	suite_add_tcase(s, c);
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* Texts of addresses, against the C library's own reading and writing of them. */
#include "unit.h"

#include <arpa/inet.h>
#include <string.h>

#include "../../init/net/address.h"
#include "../../init/net/clock.h"
#include "../../init/net/out.h"

static const char *const ipv4_texts[] = {"0.0.0.0", "10.0.2.15", "255.255.255.255", "1.2.3",
	"1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1..3.4", "1.2.3.4 ", " 1.2.3.4", "", "a.b.c.d",
	"1.2.3.-4", "1.2.3.99999999999"};

START_TEST(ipv4_row)
{
	uint32_t a = 0;
	struct in_addr in;
	int right = inet_pton(AF_INET, ipv4_texts[_i], &in) == 1;
	char text[16];
	struct out o;

	ck_assert_int_eq(ipv4_parse(ipv4_texts[_i], &a), right ? 0 : -1);
	if (!right)
		return;
	ck_assert_uint_eq(a, ntohl(in.s_addr));
	out_init(&o, text, sizeof(text));
	out_ipv4(&o, a);
	ck_assert_str_eq(text, ipv4_texts[_i]);
}
END_TEST

static const char *const ipv6_texts[] = {"::", "::1", "1::", "fe80::1", "2001:db8::1:0:0:1",
	"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "2001:DB8::A", "1:0:0:2:0:0:0:3",
	"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", ":1", "1:", "12345::", "g::", "",
	"1:::2", "::1 ", "::1%eth0", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8"};

START_TEST(ipv6_row)
{
	struct ip6 a = {{0}};
	struct in6_addr in;
	int right = inet_pton(AF_INET6, ipv6_texts[_i], &in) == 1;
	char text[INET6_ADDRSTRLEN], wanted[INET6_ADDRSTRLEN];
	struct out o;

	ck_assert_int_eq(ipv6_parse(ipv6_texts[_i], &a), right ? 0 : -1);
	if (!right)
		return;
	ck_assert_mem_eq(a.byte, &in, 16);
	out_init(&o, text, sizeof(text));
	out_ipv6(&o, &a);
	ck_assert_str_eq(text, inet_ntop(AF_INET6, &in, wanted, sizeof(wanted)));
}
END_TEST

/* Mostly zeros, as gaps are what is hard. */
START_TEST(ipv6_random)
{
	for (int round = 0; round < 20000; round++) {
		struct ip6 a = {{0}}, back;
		char text[INET6_ADDRSTRLEN], wanted[INET6_ADDRSTRLEN];
		struct out o;

		for (int i = 0; i < 16; i++)
			if (random_bits() % 4 == 0)
				a.byte[i] = (uint8_t)random_bits();
		a.byte[0] |= 0x20; /* or the C library may write a dotted tail */
		inet_ntop(AF_INET6, a.byte, wanted, sizeof(wanted));
		out_init(&o, text, sizeof(text));
		out_ipv6(&o, &a);
		ck_assert_str_eq(text, wanted);
		ck_assert_int_eq(ipv6_parse(text, &back), 0);
		ck_assert(ipv6_equal(&a, &back));
	}
}
END_TEST

static const struct {
	const char *text;
	int before, result, bits;
} nets[] = {
	{"10.0.0.1/24", -1, 0, 24},
	{"10.0.0.1/0", -1, 0, 0},
	{"10.0.0.1/32", -1, 0, 32},
	{"10.0.0.1", -1, -1, 0},
	{"10.0.0.1", 32, 0, 32},
	{"10.0.0.1/", -1, -1, 0},
	{"10.0.0.1/33", -1, -1, 0},
	{"10.0.0.1/2x", -1, -1, 0},
	{"10.0.0.1/-1", -1, -1, 0},
	{"/24", -1, -1, 0},
	{"1111.1111.1111.1111/24", -1, -1, 0},
};

START_TEST(net_row)
{
	int bits = nets[_i].before;
	uint32_t a;

	ck_assert_int_eq(ipv4_parse_net(nets[_i].text, &a, &bits), nets[_i].result);
	if (nets[_i].result == 0)
		ck_assert_int_eq(bits, nets[_i].bits);
}
END_TEST

START_TEST(masks)
{
	struct ip6 a;

	for (int bits = 0; bits <= 32; bits++)
		ck_assert_int_eq(ipv4_mask_bits(ipv4_mask(bits)), bits);
	ck_assert_int_eq(ipv4_mask_bits(0xff00ff00), -1);
	ck_assert_int_eq(ipv4_mask_bits(1), -1);
	for (int bits = 0; bits <= 128; bits++) {
		memset(&a, 0xff, sizeof(a));
		ipv6_mask(&a, bits);
		for (int i = 0; i < 128; i++)
			ck_assert_int_eq(a.byte[i / 8] >> (7 - i % 8) & 1, i < bits);
	}
}
END_TEST

START_TEST(kinds)
{
	static const uint8_t mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	struct ip6 a, b;

	ck_assert(ipv4_is_host(0x0a000001) && ipv4_is_host(0xa9fe0001));
	ck_assert(!ipv4_is_host(0) && !ipv4_is_host(0x7f000001) && !ipv4_is_host(0xe0000001) &&
		  !ipv4_is_host(UINT32_MAX));
	ck_assert_int_eq(ipv6_parse("fe80::", &a), 0);
	ipv6_eui64(&a, mac);
	ck_assert_int_eq(ipv6_parse("fe80::5054:ff:fe12:3456", &b), 0);
	ck_assert(ipv6_equal(&a, &b));
	ck_assert(ipv6_is_link_local(&a) && !ipv6_is_host(&a));
	ipv6_parse("febf::1", &a);
	ck_assert(ipv6_is_link_local(&a));
	ipv6_parse("fec0::1", &a);
	ck_assert(!ipv6_is_link_local(&a) && ipv6_is_host(&a));
	ipv6_parse("ff02::1", &a);
	ck_assert(!ipv6_is_host(&a));
	ipv6_parse("::1", &a);
	ck_assert(!ipv6_is_host(&a));
	ipv6_parse("::", &a);
	ck_assert(!ipv6_is_host(&a));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *
address_suite(void)
{
	Suite *s = suite_create("net-address");
	TCase *c = tcase_create("address");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, ipv4_row, 0, COUNT(ipv4_texts));
	tcase_add_loop_test(c, ipv6_row, 0, COUNT(ipv6_texts));
	tcase_add_test(c, ipv6_random);
	tcase_add_loop_test(c, net_row, 0, COUNT(nets));
	tcase_add_test(c, masks);
	tcase_add_test(c, kinds);
	suite_add_tcase(s, c);
	return s;
}

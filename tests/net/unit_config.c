/* SPDX-License-Identifier: GPL-3.0-only */
/* net.ini: read whole, or refused with the line that is wrong. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/config.h"
#include "../../init/net/out.h"

static struct config config;
static char text[4096], reason[200];

static int
parse(const char *ini)
{
	struct out why;

	out_init(&why, reason, sizeof(reason));
	memcpy(text, ini, strlen(ini));
	return config_parse(&config, text, strlen(ini), "net.ini", &why);
}

START_TEST(everything)
{
	struct kernel_link l = {.name = "eth1", .ethernet = 1, .hardware = 1};
	const struct plan *p;

	ck_assert_int_eq(parse("[net]\nlog = info\nwait_ms = 100\nwait_for = each\n"
			       "lease_hostname = yes\ndns = 1.1.1.1 2606:4700::1111\n"
			       "search = a.example b.example\n"
			       "[others]\ndhcp4 = yes\nrouter6 = yes\ndelegation = yes\n"
			       "[interface eth1]\naddress = 10.0.0.2/24 fd00::2/64 10.0.1.2/25\n"
			       "gateway = 10.0.0.1 fe80::1\nmtu = 1400\nmetric = 5\n"
			       "[interface wan.7]\nno_ipv6 = yes\n"), 0);
	ck_assert_uint_eq(config.log, 2);
	ck_assert_uint_eq(config.wait_ms, 100);
	ck_assert_uint_eq(config.wait_for, WAIT_EACH);
	ck_assert_uint_eq(config.lease_hostname, 1);
	ck_assert_uint_eq(config.dns_count, 2);
	ck_assert_str_eq(config.dns[1], "2606:4700::1111");
	ck_assert_uint_eq(config.search_count, 2);
	p = config_plan(&config, &l);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(p->address4_count, 2);
	ck_assert_uint_eq(p->address4[1].address, 0x0a000102);
	ck_assert_int_eq(p->address4[1].bits, 25);
	ck_assert_uint_eq(p->address6_count, 1);
	ck_assert_int_eq(p->address6[0].bits, 64);
	ck_assert_uint_eq(p->gateway, 0x0a000001);
	ck_assert_uint_eq(p->gateway6.byte[0], 0xfe);
	ck_assert_uint_eq(p->mtu, 1400);
	ck_assert_uint_eq(p->metric, 5);
	ck_assert_uint_eq(p->dhcp4, 0);
	strcpy(l.name, "wan.7");
	ck_assert_uint_eq(config_plan(&config, &l)->no_ipv6, 1);
}
END_TEST

/* Others are what a machine has; what programs make is theirs, unless it is named. */
START_TEST(whose)
{
	struct kernel_link l = {.name = "eth0", .ethernet = 1, .hardware = 1};
	struct kernel_link veth = {.name = "veth0", .ethernet = 1};
	struct kernel_link sit = {.name = "sit0", .hardware = 1};
	struct kernel_link lo = {.name = "lo", .loopback = 1, .hardware = 1};

	ck_assert_int_eq(parse("[others]\ndhcp4 = yes\n[interface veth1]\ndhcp4 = yes\n"), 0);
	ck_assert_ptr_nonnull(config_plan(&config, &l));
	ck_assert_ptr_null(config_plan(&config, &veth));
	ck_assert_ptr_null(config_plan(&config, &sit));
	ck_assert_ptr_null(config_plan(&config, &lo));
	strcpy(veth.name, "veth1");
	ck_assert_ptr_nonnull(config_plan(&config, &veth));
	ck_assert_int_eq(parse("[interface eth1]\ndhcp4 = yes\n"), 0);
	ck_assert_ptr_null(config_plan(&config, &l));
}
END_TEST

static const struct {
	const char *ini, *why;
} rows[] = {
	{"x = 1\n", "net.ini:1: unknown key: x"},
	{"[net]\nx = 1\n", "net.ini:2: unknown key: x"},
	{"[net]\n[net]\n", "net.ini:2: a section that was there before: net"},
	{"[nets]\n", "net.ini:1: unknown section: nets"},
	{"[net x]\n", "net.ini:1: no name may follow: net"},
	{"[interface]\n", "net.ini:1: no name follows: interface"},
	{"[interface a]\n[interface a]\n", "net.ini:2: a section that was there before: a"},
	{"[interface aaaaaaaaaaaaaaaa]\n", "net.ini:1: not the name of an interface: aaaaaaaaaaaaaaaa"},
	{"[others]\n[others]\n", "net.ini:2: a section that was there before: "},
	{"[net]\nwait_ms = 3600001\n", "net.ini:2: not a number in its range: wait_ms"},
	{"[net]\nwait_ms = -1\n", "net.ini:2: not a number in its range: wait_ms"},
	{"[net]\nwait_ms =\n", "net.ini:2: not a number in its range: wait_ms"},
	{"[net]\nwait_ms = 1\nwait_ms = 1\n", "net.ini:3: a key that was there before: wait_ms"},
	{"[net]\nwait_for = one\n", "net.ini:2: not one of its choices: wait_for"},
	{"[net]\ndns = one\n", "net.ini:2: not the address of a name server: one"},
	{"[net]\nsearch = a/b\n", "net.ini:2: not a domain: a/b"},
	{"[net]\nsearch = 1 2 3 4 5 6 7 8 9\n", "net.ini:2: too many: search"},
	{"[others]\naddress = 10.0.0.1\n", "net.ini:2: not ADDRESS/BITS: 10.0.0.1"},
	{"[others]\naddress = 10.0.0.1/33\n", "net.ini:2: not ADDRESS/BITS: 10.0.0.1/33"},
	{"[others]\naddress = 127.0.0.1/8\n", "net.ini:2: not ADDRESS/BITS: 127.0.0.1/8"},
	{"[others]\naddress = fe80::1/64\n", "net.ini:2: not ADDRESS/BITS: fe80::1/64"},
	{"[others]\naddress = 10.0.0.1/8 10.0.0.2/8 10.0.0.3/8 10.0.0.4/8 10.0.0.5/8\n",
		"net.ini:2: too many: address"},
	{"[others]\ngateway = x\n", "net.ini:2: not an address: x"},
	{"[others]\ngateway =\n", "net.ini:2: not one gateway of each kind: gateway"},
	{"[others]\nmtu = 67\n", "net.ini:2: not a number in its range: mtu"},
	{"[others]\ndhcp4 = maybe\n", "net.ini:2: not one of its choices: dhcp4"},
	{"[others]\ndhcp4 = \"yes\n", "net.ini:2: a quoted word does not end"},
};

START_TEST(row)
{
	ck_assert_int_ne(parse(rows[_i].ini), 0);
	ck_assert_str_eq(reason, rows[_i].why);
}
END_TEST

START_TEST(too_many_plans)
{
	char ini[1000] = "", *to = ini;

	for (int i = 0; i < CONFIG_PLANS + 1; i++)
		to += sprintf(to, "[interface e%d]\n", i);
	ck_assert_int_ne(parse(ini), 0);
	ck_assert_str_eq(reason, "net.ini:17: more interfaces than there is room for: e16");
}
END_TEST

START_TEST(no_file)
{
	struct out why;

	out_init(&why, reason, sizeof(reason));
	ck_assert_int_ne(config_read(&config, "/nowhere/net.ini", &why), 0);
	ck_assert_str_eq(reason, "/nowhere/net.ini: no such file");
}
END_TEST

Suite *
config_suite(void)
{
	Suite *s = suite_create("net-config");
	TCase *c = tcase_create("config");

	tcase_add_test(c, everything);
	tcase_add_test(c, whose);
	tcase_add_loop_test(c, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(c, too_many_plans);
	tcase_add_test(c, no_file);
	suite_add_tcase(s, c);
	return s;
}

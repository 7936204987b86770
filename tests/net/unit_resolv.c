/* SPDX-License-Identifier: GPL-3.0-only */
/* Name servers of all sources, each once and in order; the recipe's if there are none. */
#include "unit.h"

#include <string.h>

#include "../../init/net/nic.h"
#include "../../init/net/out.h"
#include "../../init/net/resolv.h"

static struct nic nics[2];
static struct config config;
static char text[2048];

static void
make(void)
{
	struct out o;

	out_init(&o, text, sizeof(text));
	resolv_make(&o, &config, nics, 2);
}

static void
lease(struct nic *n, uint32_t dns, const char *domain, const char *search)
{
	n->dhcp4.state = DHCP4_BOUND;
	n->dhcp4.lease.dns[0] = dns;
	n->dhcp4.lease.dns_count = dns != 0;
	strcpy(n->dhcp4.lease.domain, domain);
	strcpy(n->dhcp4.lease.search, search);
}

static void
reset(void)
{
	memset(nics, 0, sizeof(nics));
	memset(&config, 0, sizeof(config));
	nics[0].index = 2;
	nics[1].index = 3;
	strcpy(nics[0].name, "eth0");
	strcpy(nics[1].name, "eth1");
	config.dns[0] = "192.0.2.1";
	config.dns_count = 1;
	config.search[0] = "static.example";
	config.search_count = 1;
}

START_TEST(fallback)
{
	reset();
	make();
	ck_assert_str_eq(text, "nameserver 192.0.2.1\nsearch static.example\n");
	/* A lease without servers leaves the recipe's; one with them does not. */
	lease(&nics[0], 0, "a.example", "");
	make();
	ck_assert_str_eq(text, "nameserver 192.0.2.1\nsearch a.example\n");
	lease(&nics[0], 0x0a000001, "", "");
	make();
	ck_assert_str_eq(text, "nameserver 10.0.0.1\nsearch static.example\n");
	nics[0].dhcp4.state = DHCP4_SELECTING;
	make();
	ck_assert_str_eq(text, "nameserver 192.0.2.1\nsearch static.example\n");
	config = (struct config){.log = 0};
	make();
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(both_families)
{
	reset();
	lease(&nics[0], 0x0a000001, "a.example", "b.example a.example");
	lease(&nics[1], 0x0a000001, "c.example", "");
	ipv6_parse("fd00::53", &nics[0].dhcp6.dns[0]);
	nics[0].dhcp6.dns_count = 1;
	strcpy(nics[0].dhcp6.search, "a.example d.example");
	nics[1].slaac.dns[0].used = 1;
	ipv6_parse("fe80::1", &nics[1].slaac.dns[0].server);
	nics[1].slaac.dns[1].used = 1;
	ipv6_parse("fd00::53", &nics[1].slaac.dns[1].server);
	make();
	ck_assert_str_eq(text, "nameserver 10.0.0.1\nnameserver fd00::53\nnameserver fe80::1%eth1\n"
			       "search b.example a.example d.example c.example\n");
}
END_TEST

START_TEST(more_than_room)
{
	reset();
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < DHCP6_DNS; i++) {
			ipv6_parse("fd00::1", &nics[k].dhcp6.dns[i]);
			nics[k].dhcp6.dns[i].byte[15] = (uint8_t)(k * 16 + i);
			nics[k].slaac.dns[i].used = 1;
			nics[k].slaac.dns[i].server = nics[k].dhcp6.dns[i];
			nics[k].slaac.dns[i].server.byte[14] = 1;
		}
		nics[k].dhcp6.dns_count = DHCP6_DNS;
		memset(nics[k].dhcp6.search, 'a' + k, NAMES_BYTES - 1);
		memset(nics[k].slaac.search, 'c' + k, NAMES_BYTES - 1);
	}
	make();
	ck_assert_uint_lt(strlen(text), 1024);
	ck_assert_ptr_nonnull(strstr(text, "nameserver fd00::103\nsearch aaa"));
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
}
END_TEST

Suite *
resolv_suite(void)
{
	Suite *s = suite_create("net-resolv");
	TCase *c = tcase_create("resolv");

	tcase_add_test(c, fallback);
	tcase_add_test(c, both_families);
	tcase_add_test(c, more_than_room);
	suite_add_tcase(s, c);
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* What is made of interfaces: each function is one request and its answer. */
#include "kernel.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../file.h"
#include "netlink.h"
#include "out.h"

static int requests = -1;
/* An older kernel does not look at it, and so cannot tell afterwards who made an address. */
static const uint8_t made_by = FROM_MSMV;

int
kernel_open(int *events)
{
	*events = netlink_open(RTNL_GROUP_LINK | RTNL_GROUP_ADDRESS6);
	requests = netlink_open(0);
	return *events < 0 || requests < 0 ? errno : 0;
}

int
kernel_ask(const struct request *r)
{
	static uint8_t answer[NETLINK_BYTES];

	return netlink_ask(requests, r, NULL, NULL, answer);
}

int
kernel_link_up(int index)
{
	struct rt_link link = {.index = index, .flags = IFF_UP, .change = IFF_UP};
	struct request r;

	request_init(&r, RTM_NEWLINK, NL_ACK, &link, sizeof(link));
	return kernel_ask(&r);
}

int
kernel_link_mtu(int index, uint32_t mtu)
{
	struct rt_link link = {.index = index};
	struct request r;

	request_init(&r, RTM_NEWLINK, NL_ACK, &link, sizeof(link));
	request_number(&r, LINK_MTU, mtu);
	return kernel_ask(&r);
}

static void
address4(struct request *r, unsigned type, unsigned flags, int index, uint32_t address, int bits)
{
	struct rt_address head = {.family = AF_INET, .bits = (uint8_t)bits, .index = (uint32_t)index};

	request_init(r, type, NL_ACK | flags, &head, sizeof(head));
	request_add(r, ADDRESS_MADE_BY, &made_by, sizeof(made_by));
	request_ipv4(r, ADDRESS_LOCAL, address);
	request_ipv4(r, ADDRESS_ADDRESS, address);
}

int
kernel_address4_add(int index, uint32_t address, int bits, uint32_t valid_s, uint32_t metric)
{
	struct rt_times times = {.preferred = valid_s, .valid = valid_s};
	struct request r;

	address4(&r, RTM_NEWADDR, NL_CREATE | NL_REPLACE, index, address, bits);
	if (bits < 31)
		request_ipv4(&r, ADDRESS_BROADCAST, address | ~ipv4_mask(bits));
	request_add(&r, ADDRESS_TIMES, &times, sizeof(times));
	request_number(&r, ADDRESS_METRIC, metric);
	return kernel_ask(&r);
}

int
kernel_address4_remove(int index, uint32_t address, int bits)
{
	struct request r;

	address4(&r, RTM_DELADDR, 0, index, address, bits);
	return kernel_ask(&r);
}

static void
address6(struct request *r, unsigned type, unsigned flags, int index, const struct ip6 *a, int bits)
{
	struct rt_address head = {.family = AF_INET6, .bits = (uint8_t)bits, .index = (uint32_t)index};

	request_init(r, type, NL_ACK | flags, &head, sizeof(head));
	request_add(r, ADDRESS_MADE_BY, &made_by, sizeof(made_by));
	request_add(r, ADDRESS_LOCAL, a->byte, sizeof(a->byte));
}

int
kernel_address6_add(int index, const struct ip6 *a, int bits, uint32_t preferred_s,
	uint32_t valid_s, int with_route)
{
	struct rt_times times = {.preferred = preferred_s, .valid = valid_s};
	struct request r;

	address6(&r, RTM_NEWADDR, NL_CREATE | NL_REPLACE, index, a, bits);
	request_add(&r, ADDRESS_TIMES, &times, sizeof(times));
	if (!with_route)
		request_number(&r, ADDRESS_FLAGS, ADDRESS_NO_ROUTE);
	return kernel_ask(&r);
}

int
kernel_address6_remove(int index, const struct ip6 *a, int bits)
{
	struct request r;

	address6(&r, RTM_DELADDR, 0, index, a, bits);
	return kernel_ask(&r);
}

static int
route4(unsigned type, unsigned flags, int index, const struct kernel_route4 *t)
{
	struct rt_route head = {.family = AF_INET,
		.to_bits = (uint8_t)t->bits,
		.table = TABLE_MAIN,
		.protocol = (uint8_t)t->protocol,
		.scope = t->via ? SCOPE_ALL : SCOPE_LINK,
		.type = TYPE_UNICAST,
		.flags = t->onlink && t->via ? ROUTE_ONLINK : 0};
	struct request r;

	request_init(&r, type, NL_ACK | flags, &head, sizeof(head));
	request_ipv4(&r, ROUTE_TO, t->to);
	request_number(&r, ROUTE_DEVICE, (uint32_t)index);
	if (t->via)
		request_ipv4(&r, ROUTE_VIA, t->via);
	if (t->source)
		request_ipv4(&r, ROUTE_SOURCE, t->source);
	request_number(&r, ROUTE_METRIC, t->metric);
	return kernel_ask(&r);
}

int
kernel_route4_add(int index, const struct kernel_route4 *t)
{
	return route4(RTM_NEWROUTE, NL_CREATE | NL_REPLACE, index, t);
}

int
kernel_route4_remove(int index, const struct kernel_route4 *t)
{
	return route4(RTM_DELROUTE, 0, index, t);
}

static int
route6(unsigned type, unsigned flags, int index, const struct kernel_route6 *t)
{
	struct rt_route head = {.family = AF_INET6,
		.to_bits = (uint8_t)t->bits,
		.table = TABLE_MAIN,
		.protocol = (uint8_t)t->protocol,
		.type = TYPE_UNICAST,
		.flags = t->onlink ? ROUTE_ONLINK : 0};
	struct request r;

	request_init(&r, type, NL_ACK | flags, &head, sizeof(head));
	if (t->to)
		request_add(&r, ROUTE_TO, t->to->byte, sizeof(t->to->byte));
	request_number(&r, ROUTE_DEVICE, (uint32_t)index);
	if (t->via)
		request_add(&r, ROUTE_VIA, t->via->byte, sizeof(t->via->byte));
	request_number(&r, ROUTE_METRIC, t->metric);
	if (t->lifetime_s != UINT32_MAX)
		request_number(&r, ROUTE_EXPIRES, t->lifetime_s);
	return kernel_ask(&r);
}

int
kernel_route6_add(int index, const struct kernel_route6 *t)
{
	return route6(RTM_NEWROUTE, NL_CREATE | NL_REPLACE, index, t);
}

int
kernel_route6_remove(int index, const struct kernel_route6 *t)
{
	return route6(RTM_DELROUTE, 0, index, t);
}

int
kernel_ipv6_set(const char *name, const char *key, uint32_t value)
{
	char path[96], text[12];
	struct out p, t;

	out_init(&p, path, sizeof(path));
	out_fmt(&p, "/proc/sys/net/ipv6/conf/%s/%s", name, key);
	out_init(&t, text, sizeof(text));
	out_num(&t, value);
	if (p.cut)
		return ENAMETOOLONG;
	return file_write(path, text, t.len, 0) == 0 ? 0 : errno;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Options of DHCPv6 hold options, three levels deep: each level is read by the same
 * walk with a table of its own. A reply is believed whole or not at all.
 */
#include "dhcp6_message.h"

#include <string.h>

#include "bytes.h"
#include "dhcp6_format.h"

#define HEADER 4
#define REFRESH_LEAST 600 /* RFC 8415, 21.23 */
#define RETRY_LEAST 60    /* 21.24 and 21.25 */
#define RETRY_MOST 86400

struct parse {
	struct dhcp6_reply *reply;
	struct dhcp6_ia *ia;         /* the one that is being read */
	const uint8_t *mac;
	int for_me;
};

typedef int take(struct parse *, const uint8_t *value, size_t size);

struct known {
	uint16_t option;
	uint16_t least; /* bytes of its value */
	take *take;
};

/* Every option of a level; -1 if one is not whole, or what it holds is malformed. */
static int
walk(struct parse *p, const struct known *known, const uint8_t *c, size_t size)
{
	const uint8_t *end = c + size;

	while (c < end) {
		size_t n = end - c < 4 ? SIZE_MAX : get16(c + 2);

		if (n > (size_t)(end - c) - (end - c < 4 ? 0 : 4))
			return -1;
		for (const struct known *k = known; k->take; k++)
			if (get16(c) == k->option &&
				(n < k->least || k->take(p, c + 4, n) != 0))
				return -1;
		c += 4 + n;
	}
	return 0;
}

static int
take_status(struct parse *p, const uint8_t *value, size_t size)
{
	(void)size;
	p->reply->status = get16(value);
	return 0;
}

static int
take_ia_status(struct parse *p, const uint8_t *value, size_t size)
{
	(void)size;
	p->ia->status = get16(value);
	return 0;
}

/* One whose preferred time is the longer one is to be left out (21.6). */
static void
lease_add(struct dhcp6_ia *ia, const struct dhcp6_lease *l)
{
	if (l->preferred_s <= l->valid_s && ipv6_is_host(&l->address) &&
		ia->count < DHCP6_LEASES)
		ia->leases[ia->count++] = *l;
}

/* What an address or prefix says of itself: one that failed is left out. */
static const struct known lease_options[] = {
	{OPTION_STATUS, 2, take_ia_status},
	{0, 0, NULL},
};

static int
take_lease(struct parse *p, const struct dhcp6_lease *l, const uint8_t *more, size_t size)
{
	struct dhcp6_ia inner = {0}, *outer = p->ia;
	int failed;

	p->ia = &inner;
	failed = walk(p, lease_options, more, size);
	p->ia = outer;
	if (!failed && inner.status == DHCP6_SUCCESS)
		lease_add(outer, l);
	return failed;
}

static int
take_address(struct parse *p, const uint8_t *v, size_t size)
{
	struct dhcp6_lease l = {.bits = 128};

	memcpy(l.address.byte, v, 16);
	l.preferred_s = get32(v + 16);
	l.valid_s = get32(v + 20);
	return take_lease(p, &l, v + 24, size - 24);
}

static int
take_prefix(struct parse *p, const uint8_t *v, size_t size)
{
	struct dhcp6_lease l = {.bits = v[8]};

	if (l.bits < 1 || l.bits > 128)
		return -1;
	memcpy(l.address.byte, v + 9, 16);
	ipv6_mask(&l.address, l.bits);
	l.preferred_s = get32(v);
	l.valid_s = get32(v + 4);
	return take_lease(p, &l, v + 25, size - 25);
}

static const struct known na_options[] = {
	{OPTION_ADDRESS, 24, take_address},
	{OPTION_STATUS, 2, take_ia_status},
	{0, 0, NULL},
};

static const struct known pd_options[] = {
	{OPTION_PREFIX, 25, take_prefix},
	{OPTION_STATUS, 2, take_ia_status},
	{0, 0, NULL},
};

/* Of several with this machine's number the first counts; with others, none. */
static int
take_ia(struct parse *p, struct dhcp6_ia *ia, const struct known *known, const uint8_t *v,
	size_t size)
{
	struct dhcp6_ia read = {.there = 1, .t1_s = get32(v + 4), .t2_s = get32(v + 8)};
	int failed;

	p->ia = &read;
	failed = walk(p, known, v + 12, size - 12);
	p->ia = NULL;
	/* 21.4: a T1 behind T2 makes the association worthless. */
	if (!failed && get32(v) == dhcp6_number(p->mac) && !ia->there &&
		(read.t1_s <= read.t2_s || read.t2_s == 0))
		*ia = read;
	return failed;
}

static int
take_na(struct parse *p, const uint8_t *v, size_t size)
{
	return take_ia(p, &p->reply->addresses, na_options, v, size);
}

static int
take_pd(struct parse *p, const uint8_t *v, size_t size)
{
	return take_ia(p, &p->reply->prefixes, pd_options, v, size);
}

static int
take_client(struct parse *p, const uint8_t *value, size_t size)
{
	uint8_t duid[DUID_LL_BYTES];

	duid_build(duid, p->mac);
	p->for_me = size == sizeof(duid) && memcmp(duid, value, size) == 0;
	return 0;
}

static int
take_server(struct parse *p, const uint8_t *value, size_t size)
{
	if (size > DHCP6_DUID || p->reply->server_bytes > 0)
		return -1;
	memcpy(p->reply->server, value, size);
	p->reply->server_bytes = size;
	return 0;
}

static int
take_preference(struct parse *p, const uint8_t *value, size_t size)
{
	p->reply->preference = value[0];
	return size == 1 ? 0 : -1;
}

static int
take_rapid(struct parse *p, const uint8_t *value, size_t size)
{
	(void)value;
	p->reply->rapid_commit = 1;
	return size == 0 ? 0 : -1;
}

static int
take_dns(struct parse *p, const uint8_t *value, size_t size)
{
	struct dhcp6_reply *r = p->reply;

	for (size_t at = 0; at + 16 <= size && r->dns_count < DHCP6_DNS; at += 16) {
		memcpy(r->dns[r->dns_count].byte, value + at, 16);
		r->dns_count += ipv6_is_host(&r->dns[r->dns_count]) ||
				ipv6_is_link_local(&r->dns[r->dns_count]);
	}
	return size % 16 == 0 ? 0 : -1;
}

static int
take_search(struct parse *p, const uint8_t *value, size_t size)
{
	/* It can do without them. */
	names_decode(value, size, 0, p->reply->search);
	return 0;
}

static int
take_refresh(struct parse *p, const uint8_t *value, size_t size)
{
	uint32_t s = get32(value);

	p->reply->refresh_s = s < REFRESH_LEAST ? REFRESH_LEAST : s;
	return size == 4 ? 0 : -1;
}

/* A time between tries that is out of its range is as if it were not there. */
static uint32_t
retry_time(const uint8_t *value)
{
	uint32_t s = get32(value);

	return s >= RETRY_LEAST && s <= RETRY_MOST ? s : 0;
}

static int
take_solicit_max(struct parse *p, const uint8_t *value, size_t size)
{
	p->reply->solicit_max = retry_time(value);
	return size == 4 ? 0 : -1;
}

static int
take_inform_max(struct parse *p, const uint8_t *value, size_t size)
{
	p->reply->inform_max = retry_time(value);
	return size == 4 ? 0 : -1;
}

static const struct known options[] = {
	{OPTION_CLIENT, 1, take_client},
	{OPTION_SERVER, 1, take_server},
	{OPTION_IA_NA, 12, take_na},
	{OPTION_IA_PD, 12, take_pd},
	{OPTION_PREFERENCE, 1, take_preference},
	{OPTION_STATUS, 2, take_status},
	{OPTION_RAPID, 0, take_rapid},
	{OPTION_DNS, 16, take_dns},
	{OPTION_SEARCH, 1, take_search},
	{OPTION_REFRESH, 4, take_refresh},
	{OPTION_SOLICIT_MAX, 4, take_solicit_max},
	{OPTION_INFORM_MAX, 4, take_inform_max},
	{0, 0, NULL},
};

const char *
dhcp6_parse(struct dhcp6_reply *r, const uint8_t *data, size_t size,
	const uint8_t mac[MAC_BYTES])
{
	struct parse p = {.reply = r, .mac = mac};

	*r = (struct dhcp6_reply){0};
	if (size < HEADER || size > DHCP6_BYTES)
		return "too short or too long";
	r->type = data[0];
	r->xid = get32(data) & 0xffffff;
	if (r->type != DHCP6_ADVERTISE && r->type != DHCP6_REPLY)
		return "of a type that no server sends";
	if (walk(&p, options, data + HEADER, size - HEADER) != 0)
		return "an option is malformed";
	if (!p.for_me)
		return "for another machine";
	return r->server_bytes > 0 ? NULL : "it does not say which server";
}

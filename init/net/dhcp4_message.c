/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Addresses and routes are believed whole or not at all: one wrong length means that they
 * were not understood, and half an understanding is worse than none. What a machine can
 * do without is left out where it is malformed.
 */
#include "dhcp4_message.h"

#include <string.h>

#include "bytes.h"
#include "dhcp4_format.h"

/* The three fields that options may lie in, in the order in which they count. */
struct field {
	const uint8_t *at, *end;
};

struct message {
	struct field fields[3];
	int count;
};

typedef int take(struct dhcp4_reply *, const uint8_t *value, size_t size);

/* Whether every option but the last, which may be END, has its whole value. */
static int
field_is_whole(const struct field *f)
{
	const uint8_t *c = f->at;

	while (c < f->end && *c != OPTION_END) {
		if (*c == OPTION_PAD) {
			c++;
			continue;
		}
		if (f->end - c < 2 || f->end - c - 2 < c[1])
			return 0;
		c += 2 + c[1];
	}
	return 1;
}

/* All values of one option, put together (RFC 3396). Only of fields that are whole. */
static size_t
gather(const struct message *m, unsigned option, uint8_t to[DHCP4_BYTES])
{
	size_t n = 0;

	for (int i = 0; i < m->count; i++) {
		const uint8_t *c = m->fields[i].at, *end = m->fields[i].end;

		while (c < end && *c != OPTION_END) {
			if (*c == OPTION_PAD) {
				c++;
				continue;
			}
			if (*c == option) {
				memcpy(to + n, c + 2, c[1]);
				n += c[1];
			}
			c += 2 + c[1];
		}
	}
	return n;
}

/* Finds the fields that hold options; -1 if one is not whole. */
static int
open_fields(struct message *m, const uint8_t *data, size_t size)
{
	uint8_t value[DHCP4_BYTES];
	size_t n;

	m->fields[0] = (struct field){data + AT_OPTIONS, data + size};
	m->count = 1;
	if (!field_is_whole(&m->fields[0]))
		return -1;
	n = gather(m, OPTION_OVERLOAD, value);
	if (n == 0)
		return 0;
	if (n != 1 || value[0] < 1 || value[0] > 3)
		return -1;
	if (value[0] & 1)
		m->fields[m->count++] = (struct field){data + AT_FILE, data + AT_COOKIE};
	if (value[0] & 2)
		m->fields[m->count++] = (struct field){data + AT_SNAME, data + AT_FILE};
	for (int i = 1; i < m->count; i++)
		if (!field_is_whole(&m->fields[i]))
			return -1;
	return 0;
}

static int
take_type(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	r->type = value[0];
	return size == 1 ? 0 : -1;
}

static int
take_mask(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	r->lease.bits = size == 4 ? ipv4_mask_bits(get32(value)) : -1;
	return r->lease.bits > 0 ? 0 : -1;
}

static int
take_number(uint32_t *to, const uint8_t *value, size_t size)
{
	if (size != 4)
		return -1;
	*to = get32(value);
	return 0;
}

static int
take_server(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	return take_number(&r->lease.server, value, size);
}

static int
take_lease(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	return take_number(&r->lease.lease_s, value, size);
}

static int
take_t1(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	take_number(&r->lease.t1_s, value, size);
	return 0;
}

static int
take_t2(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	take_number(&r->lease.t2_s, value, size);
	return 0;
}

static int
take_router(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	if (size % 4 != 0)
		return -1;
	r->lease.router = ipv4_is_host(get32(value)) ? get32(value) : 0;
	return 0;
}

static int
take_dns(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	for (size_t i = 0; size % 4 == 0 && i < size && r->lease.dns_count < DHCP4_DNS; i += 4)
		if (ipv4_is_host(get32(value + i)))
			r->lease.dns[r->lease.dns_count++] = get32(value + i);
	return 0;
}

static int
take_mtu(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	r->lease.mtu = size == 2 ? get16(value) : 0;
	return 0;
}

/* A name that is none is left out: people write odd things into these. */
static int
take_hostname(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	name_take(value, size, r->lease.hostname, sizeof(r->lease.hostname));
	return 0;
}

static int
take_domain(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	name_take(value, size, r->lease.domain, sizeof(r->lease.domain));
	return 0;
}

static int
take_search(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	names_decode(value, size, 1, r->lease.search);
	return 0;
}

/* "bits, as many bytes of the network as that needs, router", any number of times. */
static int
take_routes(struct dhcp4_reply *r, const uint8_t *value, size_t size)
{
	struct dhcp4_lease *l = &r->lease;
	size_t at = 0;

	l->classless = 1;
	while (at < size) {
		int bits = value[at++];
		size_t bytes = (size_t)(bits + 7) / 8;
		uint8_t net[4] = {0};

		if (bits > 32 || size - at < bytes + 4)
			return -1;
		memcpy(net, value + at, bytes);
		at += bytes;
		if (l->route_count < DHCP4_ROUTES)
			l->routes[l->route_count++] =
				(struct dhcp4_route){get32(net) & ipv4_mask(bits),
					get32(value + at), bits};
		at += 4;
	}
	return 0;
}

static const struct {
	uint8_t option;
	take *take;
} known[] = {
	{OPTION_TYPE, take_type},
	{OPTION_SERVER, take_server},
	{OPTION_LEASE, take_lease},
	{OPTION_MASK, take_mask},
	{OPTION_ROUTER, take_router},
	{OPTION_DNS, take_dns},
	{OPTION_HOSTNAME, take_hostname},
	{OPTION_DOMAIN, take_domain},
	{OPTION_MTU, take_mtu},
	{OPTION_T1, take_t1},
	{OPTION_T2, take_t2},
	{OPTION_SEARCH, take_search},
	{OPTION_ROUTES, take_routes},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static int
take_options(struct dhcp4_reply *r, const struct message *m)
{
	uint8_t value[DHCP4_BYTES];

	for (size_t i = 0; i < KNOWN; i++) {
		size_t n = gather(m, known[i].option, value);

		if (n > 0 && known[i].take(r, value, n) != 0)
			return -1;
	}
	return 0;
}

/* RFC 2131, 4.4.5; a server's own times count when they go together. */
static void
times_settle(struct dhcp4_lease *l)
{
	uint32_t half = l->lease_s / 2, late = l->lease_s - l->lease_s / 8;

	if (l->lease_s == LEASE_FOREVER) {
		l->t1_s = l->t2_s = LEASE_FOREVER;
		return;
	}
	if (l->t2_s == 0 || l->t2_s > l->lease_s)
		l->t2_s = l->t1_s > late && l->t1_s <= l->lease_s ? l->lease_s : late;
	if (l->t1_s == 0 || l->t1_s > l->t2_s)
		l->t1_s = half < l->t2_s ? half : l->t2_s;
	/* Or it would be asked again as fast as the server answers. */
	l->t1_s += l->t1_s == 0;
}

static const char *
lease_settle(struct dhcp4_lease *l)
{
	if (!ipv4_is_host(l->address))
		return "it gives no address";
	if (l->server == 0)
		return "it does not say which server";
	if (l->lease_s == 0)
		return "it does not say for how long";
	if (l->bits == 0)
		l->bits = l->address >> 31 == 0 ? 8 : l->address >> 30 == 2 ? 16 : 24;
	times_settle(l);
	return NULL;
}

const char *
dhcp4_parse(struct dhcp4_reply *r, const uint8_t *data, size_t size,
	const uint8_t mac[MAC_BYTES])
{
	struct message m;

	*r = (struct dhcp4_reply){0};
	if (size < AT_OPTIONS || size > DHCP4_BYTES)
		return "too short or too long";
	if (data[0] != 2 || data[1] != 1 || data[2] != MAC_BYTES)
		return "no reply on an ethernet";
	if (memcmp(data + AT_MAC, mac, MAC_BYTES) != 0)
		return "for another machine";
	if (get32(data + AT_COOKIE) != COOKIE)
		return "not DHCP";
	if (open_fields(&m, data, size) != 0 || take_options(r, &m) != 0)
		return "an option is malformed";
	r->xid = get32(data + AT_XID);
	r->lease.address = get32(data + AT_YOURS);
	if (r->type == DHCP4_NAK)
		return NULL;
	if (r->type != DHCP4_OFFER && r->type != DHCP4_ACK)
		return "of a type that no server sends";
	return lease_settle(&r->lease);
}

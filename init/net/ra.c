/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The kernel has a parser for these too, but it tells nobody of name servers, and whom
 * it believes cannot be asked. So it is switched off and they are read here.
 */
#include "ra.h"

#include <string.h>

#include "bytes.h"

#define RA_HEADER 16
#define LEAST_MTU 1280

enum { OPTION_SOURCE = 1, OPTION_PREFIX = 3, OPTION_MTU = 5, OPTION_DNS = 25, OPTION_SEARCH = 31 };

typedef void take(struct ra *, const uint8_t *option, size_t size);

/* A malformed one is left out: what it would have said is not worth a router. */
static void
take_prefix(struct ra *ra, const uint8_t *o, size_t size)
{
	struct ra_prefix p = {.bits = o[2]};

	if (size != 32 || p.bits > 128)
		return;
	p.on_link = o[3] >> 7 & 1;
	p.autonomous = o[3] >> 6 & 1;
	p.valid_s = get32(o + 4);
	p.preferred_s = get32(o + 8);
	memcpy(p.prefix.byte, o + 16, 16);
	ipv6_mask(&p.prefix, p.bits);
	/* Link-local prefixes are nobody's to give, and a preferred address is valid. */
	if (p.bits == 0 || !ipv6_is_host(&p.prefix) || p.preferred_s > p.valid_s)
		return;
	if (ra->prefix_count < RA_PREFIXES)
		ra->prefixes[ra->prefix_count++] = p;
}

static void
take_mtu(struct ra *ra, const uint8_t *o, size_t size)
{
	if (size != 8)
		return;
	ra->mtu = get32(o + 4) >= LEAST_MTU ? get32(o + 4) : 0;
}

static void
take_dns(struct ra *ra, const uint8_t *o, size_t size)
{
	if (size < 24 || (size - 8) % 16 != 0)
		return;
	for (size_t at = 8; at < size && ra->dns_count < RA_DNS; at += 16) {
		struct ra_dns d = {.lifetime_s = get32(o + 4)};

		memcpy(d.server.byte, o + at, 16);
		if (ipv6_is_host(&d.server) || ipv6_is_link_local(&d.server))
			ra->dns[ra->dns_count++] = d;
	}
}

static void
take_search(struct ra *ra, const uint8_t *o, size_t size)
{
	if (size < 16)
		return;
	ra->search_s = get32(o + 4);
	names_decode(o + 8, size - 8, 0, ra->search);
}

static const struct {
	uint8_t option;
	take *take;
} known[] = {
	{OPTION_PREFIX, take_prefix},
	{OPTION_MTU, take_mtu},
	{OPTION_DNS, take_dns},
	{OPTION_SEARCH, take_search},
};

static const char *
take_options(struct ra *ra, const uint8_t *c, const uint8_t *end)
{
	while (c < end) {
		size_t size = end - c < 2 ? 0 : (size_t)c[1] * 8;

		if (size == 0 || size > (size_t)(end - c))
			return "an option's length is wrong";
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (c[0] == known[i].option)
				known[i].take(ra, c, size);
		c += size;
	}
	return NULL;
}

/* RFC 4191, 2.1: two bits with a sign; what is reserved counts as nothing said. */
static const uint8_t preferences[] = {RA_MEDIUM, RA_HIGH, RA_MEDIUM, RA_LOW};

const char *
ra_parse(struct ra *ra, const uint8_t *data, size_t size, int hop_limit,
	const struct ip6 *source)
{
	*ra = (struct ra){0};
	if (hop_limit != 255)
		return "it was forwarded: its hop limit is not 255";
	if (!ipv6_is_link_local(source))
		return "its source is not link-local";
	if (size < RA_HEADER || data[0] != ICMP6_RA || data[1] != 0)
		return "no router advertisement";
	ra->hop_limit = data[4];
	ra->managed = data[5] >> 7 & 1;
	ra->other = data[5] >> 6 & 1;
	ra->preference = preferences[data[5] >> 3 & 3];
	ra->lifetime_s = get16(data + 6);
	return take_options(ra, data + RA_HEADER, data + size);
}

void
rs_build(uint8_t to[RS_BYTES], const uint8_t mac[MAC_BYTES])
{
	memset(to, 0, RS_BYTES);
	to[0] = ICMP6_RS;
	to[8] = OPTION_SOURCE;
	to[9] = 1;
	memcpy(to + 10, mac, MAC_BYTES);
}

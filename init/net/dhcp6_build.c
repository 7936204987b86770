/* SPDX-License-Identifier: GPL-3.0-only */
/* What this machine says to DHCPv6 servers. */
#include "dhcp6_message.h"

#include <string.h>

#include "bytes.h"
#include "dhcp6_format.h"

#define ASKED_PREFIX_BITS 64

/* RFC 8415, 11: one for the machine, whatever interface it speaks through. */
static uint8_t duid[DUID_LL_BYTES];

void
duid_choose(const uint8_t mac[MAC_BYTES])
{
	if (duid[1] != 0)
		return;
	put16(put16(duid, 3), 1);
	memcpy(duid + 4, mac, MAC_BYTES);
}

void
duid_build(uint8_t to[DUID_LL_BYTES], const uint8_t mac[MAC_BYTES])
{
	duid_choose(mac);
	memcpy(to, duid, DUID_LL_BYTES);
}

/* An option's head; its value follows. */
static uint8_t *
put_head(uint8_t *to, unsigned option, size_t size)
{
	return put16(put16(to, option), (unsigned)size);
}

static uint8_t *
put_bytes(uint8_t *to, const void *bytes, size_t size)
{
	memcpy(to, bytes, size);
	return to + size;
}

/* Times are 0 in what a client sends: the server knows better. */
static uint8_t *
put_ia(uint8_t *to, unsigned option, const struct dhcp6_ia *ia, const uint8_t *mac)
{
	int prefix = option == OPTION_IA_PD;
	uint8_t *c = put32(put32(put32(to + 4, dhcp6_number(mac)), 0), 0);

	for (unsigned i = 0; i < ia->count; i++) {
		if (!prefix)
			c = put_bytes(put_head(c, OPTION_ADDRESS, 24),
				ia->leases[i].address.byte, 16);
		else
			c = put_head(c, OPTION_PREFIX, 25);
		c = put32(put32(c, 0), 0);
		if (prefix) {
			*c++ = (uint8_t)ia->leases[i].bits;
			c = put_bytes(c, ia->leases[i].address.byte, 16);
		}
	}
	if (prefix && ia->count == 0) {
		c = put32(put32(put_head(c, OPTION_PREFIX, 25), 0), 0);
		*c++ = ASKED_PREFIX_BITS;
		memset(c, 0, 16);
		c += 16;
	}
	put_head(to, option, (size_t)(c - to) - 4);
	return c;
}

size_t
dhcp6_build(uint8_t to[DHCP6_BUILT], const struct dhcp6_request *r)
{
	static const uint8_t asked[] = {0, OPTION_DNS, 0, OPTION_SEARCH, 0, OPTION_REFRESH, 0,
		OPTION_SOLICIT_MAX, 0, OPTION_INFORM_MAX};
	uint64_t hundredths = r->elapsed_ms / 10;
	uint8_t *c = put32(to, (uint32_t)r->type << 24 | (r->xid & 0xffffff));

	duid_build(put_head(c, OPTION_CLIENT, DUID_LL_BYTES), r->mac);
	c += 4 + DUID_LL_BYTES;
	if (r->server)
		c = put_bytes(put_head(c, OPTION_SERVER, r->server_bytes), r->server,
			r->server_bytes);
	c = put16(put_head(c, OPTION_ELAPSED, 2), hundredths > 0xffff ? 0xffff : (unsigned)hundredths);
	if (r->type == DHCP6_SOLICIT)
		c = put_head(c, OPTION_RAPID, 0);
	if (r->type != DHCP6_DECLINE && r->type != DHCP6_RELEASE)
		c = put_bytes(put_head(c, OPTION_ASKED, sizeof(asked)), asked, sizeof(asked));
	if (r->addresses)
		c = put_ia(c, OPTION_IA_NA, r->addresses, r->mac);
	if (r->prefixes)
		c = put_ia(c, OPTION_IA_PD, r->prefixes, r->mac);
	return (size_t)(c - to);
}

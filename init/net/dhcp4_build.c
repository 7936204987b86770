/* SPDX-License-Identifier: GPL-3.0-only */
/* What this machine says to DHCPv4 servers. */
#include "dhcp4_message.h"

#include <string.h>

#include "bytes.h"
#include "dhcp4_format.h"

static uint8_t *
put_option(uint8_t *to, unsigned option, const void *value, size_t size)
{
	to[0] = (uint8_t)option;
	to[1] = (uint8_t)size;
	memcpy(to + 2, value, size);
	return to + 2 + size;
}

static uint8_t *
put_address(uint8_t *to, unsigned option, uint32_t address)
{
	uint8_t value[4];

	put32(value, address);
	return address ? put_option(to, option, value, sizeof(value)) : to;
}

size_t
dhcp4_build(uint8_t to[DHCP4_BUILT], const struct dhcp4_request *r)
{
	static const uint8_t asked[] = {OPTION_MASK, OPTION_ROUTES, OPTION_ROUTER, OPTION_DNS,
		OPTION_HOSTNAME, OPTION_DOMAIN, OPTION_MTU, OPTION_LEASE, OPTION_T1, OPTION_T2,
		OPTION_SEARCH};
	static const uint8_t room[2] = {DHCP4_BYTES >> 8, DHCP4_BYTES & 255};
	const uint8_t type = (uint8_t)r->type;
	uint8_t *c;

	memset(to, 0, DHCP4_BUILT);
	to[0] = 1;
	to[1] = 1;
	to[2] = MAC_BYTES;
	put32(to + AT_XID, r->xid);
	put16(to + AT_SECS, r->secs > 0xffff ? 0xffff : r->secs);
	put16(to + AT_FLAGS, r->broadcast ? 0x8000 : 0);
	put32(to + AT_CLIENT, r->client);
	memcpy(to + AT_MAC, r->mac, MAC_BYTES);
	put32(to + AT_COOKIE, COOKIE);
	c = put_option(to + AT_OPTIONS, OPTION_TYPE, &type, 1);
	c = put_address(c, OPTION_REQUESTED, r->requested);
	c = put_address(c, OPTION_SERVER, r->server);
	if (r->type == DHCP4_DISCOVER || r->type == DHCP4_REQUEST) {
		c = put_option(c, OPTION_SIZE, room, sizeof(room));
		c = put_option(c, OPTION_ASKED, asked, sizeof(asked));
		if (r->hostname && r->hostname[0] != '\0' && strlen(r->hostname) < HOST_BYTES)
			c = put_option(c, OPTION_HOSTNAME, r->hostname, strlen(r->hostname));
	}
	*c++ = OPTION_END;
	return c - to < BOOTP_BYTES ? BOOTP_BYTES : (size_t)(c - to);
}

/* SPDX-License-Identifier: GPL-3.0-only */
#include "craft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"

const uint8_t craft_mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

void
craft_hex(struct craft *c, const char *hex)
{
	while (*hex != '\0') {
		char pair[3] = {hex[0], hex[1], '\0'};

		if (*hex == ' ') {
			hex++;
			continue;
		}
		c->data[c->size++] = (uint8_t)strtoul(pair, NULL, 16);
		hex += 2;
	}
}

void
craft_dhcp4(struct craft *c, unsigned type, uint32_t xid, uint32_t address, const char *options)
{
	memset(c, 0, sizeof(*c));
	c->data[0] = 2;
	c->data[1] = 1;
	c->data[2] = 6;
	put32(c->data + 4, xid);
	put32(c->data + 16, address);
	memcpy(c->data + 28, craft_mac, 6);
	put32(c->data + 236, 0x63825363);
	c->size = 240;
	craft_hex(c, "3501");
	c->data[c->size++] = (uint8_t)type;
	craft_hex(c, options);
	craft_hex(c, "ff");
}

const char *
craft_option4(unsigned option, uint32_t address)
{
	static char text[4][20];
	static unsigned next;
	char *to = text[next++ % 4];

	snprintf(to, sizeof(text[0]), "%02x04%08x", option, address);
	return to;
}

void
craft_ra(struct craft *c, unsigned flags, unsigned lifetime_s, const char *options)
{
	memset(c, 0, sizeof(*c));
	c->data[0] = 134;
	c->data[4] = 64;
	c->data[5] = (uint8_t)flags;
	put16(c->data + 6, lifetime_s);
	c->size = 16;
	craft_hex(c, options);
}

void
craft_dhcp6(struct craft *c, unsigned type, uint32_t xid, const char *options)
{
	memset(c, 0, sizeof(*c));
	put32(c->data, (uint32_t)type << 24 | xid);
	c->size = 4;
	craft_hex(c, "0001 000a 0003 0001 525400123456  0002 0004 00030001");
	craft_hex(c, options);
}

uint8_t *
craft_exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (copy)
		memcpy(copy, data, size);
	return copy;
}

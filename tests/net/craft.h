/* SPDX-License-Identifier: GPL-3.0-only */
/* Packets as servers and routers send them, right or as wrong as a test wants them. */
#ifndef TESTS_NET_CRAFT_H
#define TESTS_NET_CRAFT_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t craft_mac[6];

struct craft {
	uint8_t data[1600];
	size_t size;
};

/* Bytes given as hexadecimal digits; blanks are skipped. */
void craft_hex(struct craft *, const char *hex);
/* A reply to craft_mac that gives address; options in hexadecimal, without their end. */
void craft_dhcp4(struct craft *, unsigned type, uint32_t xid, uint32_t address,
	const char *options);
/* An option of DHCPv4 with an address, in hexadecimal. */
const char *craft_option4(unsigned option, uint32_t address);
/* An advertisement: flags (0x80 managed, 0x40 other), router lifetime, options in hex. */
void craft_ra(struct craft *, unsigned flags, unsigned lifetime_s, const char *options);
/* A message to craft_mac from a server, options in hexadecimal behind those two. */
void craft_dhcp6(struct craft *, unsigned type, uint32_t xid, const char *options);

/* A copy of exactly size bytes, so that reading one more is seen; free() it. */
uint8_t *craft_exact(const uint8_t *data, size_t size);

#endif

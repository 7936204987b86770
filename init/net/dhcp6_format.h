/* SPDX-License-Identifier: GPL-3.0-only */
/* Options of DHCPv6, for who reads and who writes them. */
#ifndef NET_DHCP6_FORMAT_H
#define NET_DHCP6_FORMAT_H

#include <stdint.h>

#include "bytes.h"

enum option {
	OPTION_CLIENT = 1,
	OPTION_SERVER = 2,
	OPTION_IA_NA = 3,
	OPTION_ADDRESS = 5,
	OPTION_ASKED = 6,
	OPTION_PREFERENCE = 7,
	OPTION_ELAPSED = 8,
	OPTION_STATUS = 13,
	OPTION_RAPID = 14,
	OPTION_DNS = 23,
	OPTION_SEARCH = 24,
	OPTION_IA_PD = 25,
	OPTION_PREFIX = 26,
	OPTION_REFRESH = 32,
	OPTION_SOLICIT_MAX = 82,
	OPTION_INFORM_MAX = 83
};

/* Of this machine's associations: its MAC's last four bytes. */
static inline uint32_t
dhcp6_number(const uint8_t *mac)
{
	return get32(mac + 2);
}

#endif

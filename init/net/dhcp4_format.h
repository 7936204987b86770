/* SPDX-License-Identifier: GPL-3.0-only */
/* Where things stand in a message of DHCPv4, for who reads and who writes one. */
#ifndef NET_DHCP4_FORMAT_H
#define NET_DHCP4_FORMAT_H

#define AT_XID 4
#define AT_SECS 8
#define AT_FLAGS 10
#define AT_CLIENT 12
#define AT_YOURS 16
#define AT_MAC 28
#define AT_SNAME 44
#define AT_FILE 108
#define AT_COOKIE 236
#define AT_OPTIONS 240
#define COOKIE 0x63825363u
#define BOOTP_BYTES 300 /* old relays drop what is shorter */

enum option {
	OPTION_PAD = 0,
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_DNS = 6,
	OPTION_HOSTNAME = 12,
	OPTION_DOMAIN = 15,
	OPTION_MTU = 26,
	OPTION_REQUESTED = 50,
	OPTION_LEASE = 51,
	OPTION_OVERLOAD = 52,
	OPTION_TYPE = 53,
	OPTION_SERVER = 54,
	OPTION_ASKED = 55,
	OPTION_SIZE = 57,
	OPTION_T1 = 58,
	OPTION_T2 = 59,
	OPTION_SEARCH = 119,
	OPTION_ROUTES = 121,
	OPTION_END = 255
};

#endif

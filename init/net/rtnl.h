/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What Linux speaks over NETLINK_ROUTE, as far as it is used here. A C library for guests
 * comes without the kernel's headers; these numbers are the kernel's promise to programs.
 */
#ifndef NET_RTNL_H
#define NET_RTNL_H

#include <stdint.h>

#define NETLINK_ROUTE 0
#define RTNL_GROUP_LINK 1u
#define RTNL_GROUP_ADDRESS6 0x100u

enum {
	NL_ERROR = 2,
	NL_DONE = 3,
	RTM_NEWLINK = 16,
	RTM_DELLINK = 17,
	RTM_GETLINK = 18,
	RTM_NEWADDR = 20,
	RTM_DELADDR = 21,
	RTM_GETADDR = 22,
	RTM_NEWROUTE = 24,
	RTM_DELROUTE = 25,
	RTM_GETROUTE = 26
};

enum {
	NL_REQUEST = 1,
	NL_ACK = 4,
	NL_REPLACE = 0x100,
	NL_DUMP = 0x300,
	NL_CREATE = 0x400
};

struct nl_head {
	uint32_t size;
	uint16_t type, flags;
	uint32_t sequence, port;
};

struct nl_address {
	uint16_t family, pad;
	uint32_t port, groups;
};

struct nl_failure {
	int32_t error; /* an errno value, negative */
};

struct rt_attribute {
	uint16_t size, type;
};

struct rt_link {
	uint8_t family, pad;
	uint16_t type; /* ARPHRD_ETHER */
	int32_t index;
	uint32_t flags, change; /* IFF_UP */
};

enum { LINK_MAC = 1, LINK_NAME = 3, LINK_MTU = 4, LINK_INFO = 18, LINK_INFO_KIND = 1 };

struct rt_address {
	uint8_t family, bits, flags, scope;
	uint32_t index;
};

enum {
	ADDRESS_ADDRESS = 1,
	ADDRESS_LOCAL = 2,
	ADDRESS_BROADCAST = 4,
	ADDRESS_TIMES = 6,
	ADDRESS_FLAGS = 8,
	ADDRESS_METRIC = 9,
	ADDRESS_MADE_BY = 11 /* since Linux 5.18 */
};

enum {
	ADDRESS_IS_DUPLICATE = 8,
	ADDRESS_IS_TENTATIVE = 0x40,
	ADDRESS_IS_PERMANENT = 0x80,
	ADDRESS_NO_ROUTE = 0x200
};

struct rt_times {
	uint32_t preferred, valid, made, changed;
};

struct rt_route {
	uint8_t family, to_bits, from_bits, tos;
	uint8_t table, protocol, scope, type;
	uint32_t flags;
};

enum {
	ROUTE_TO = 1,
	ROUTE_DEVICE = 4,
	ROUTE_VIA = 5,
	ROUTE_METRIC = 6,
	ROUTE_SOURCE = 7,
	ROUTE_EXPIRES = 23
};

enum {
	TABLE_MAIN = 254,
	FROM_STATIC = 4,
	FROM_RA = 9,
	FROM_DHCP = 16,
	FROM_MSMV = 77, /* of addresses: any number that the kernel does not use itself */
	SCOPE_ALL = 0,
	SCOPE_LINK = 253,
	TYPE_UNICAST = 1,
	ROUTE_ONLINK = 4
};

#endif

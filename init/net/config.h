/* SPDX-License-Identifier: GPL-3.0-only */
/* What /etc/msmv/net.ini asks for. Read once; its words lie in one static buffer. */
#ifndef NET_CONFIG_H
#define NET_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "kernel.h"

#define CONFIG_PATH "/etc/msmv/net.ini"
#define CONFIG_BYTES 16384  /* of the file */
#define CONFIG_PLANS 16     /* interfaces that are named */
#define CONFIG_ADDRESSES 4  /* of one interface and family */
#define CONFIG_NAMES 8      /* name servers, search domains */

struct out;

/* When the guest's applications need not wait any longer. */
enum wait_for {
	WAIT_ANY,  /* an interface has an address */
	WAIT_EACH, /* each interface with a carrier has one */
	WAIT_IPV4, /* an interface has an IPv4 address */
	WAIT_IPV6, /* an IPv6 address that is not link-local */
	WAIT_NONE
};

struct plan_address4 {
	uint32_t address;
	int bits;
};

struct plan_address6 {
	struct ip6 address;
	int bits;
};

/* What is done with one interface. */
struct plan {
	char name[LINK_NAME_BYTES]; /* "" for all that have no plan of their own */
	unsigned dhcp4;      /* ask for an IPv4 address */
	unsigned router6;    /* believe routers, and the DHCPv6 that they speak of */
	unsigned no_ipv6;    /* not even a link-local address */
	unsigned delegation; /* ask for an IPv6 prefix to give away */
	unsigned mtu;        /* 0: as it is, or as a server says */
	unsigned metric;     /* 0: by the interface's place */
	struct plan_address4 address4[CONFIG_ADDRESSES];
	unsigned address4_count;
	struct plan_address6 address6[CONFIG_ADDRESSES];
	unsigned address6_count;
	uint32_t gateway;      /* 0: none */
	struct ip6 gateway6;   /* ::: none */
};

struct config {
	unsigned log; /* enum net_level */
	unsigned wait_ms;
	unsigned wait_for;       /* enum wait_for */
	unsigned lease_hostname; /* a lease's host name wins over the machine's */
	const char *dns[CONFIG_NAMES], *search[CONFIG_NAMES]; /* if no lease has any */
	unsigned dns_count, search_count;
	struct plan plans[CONFIG_PLANS];
	unsigned plan_count;
	int others; /* place of the plan without a name; -1: others are left alone */
};

/* 0, or an errno value with why = "PATH:LINE: reason". */
int config_read(struct config *, const char *path, struct out *why);
/* The same from memory; text has room for size + 1 bytes and must outlive the config. */
int config_parse(struct config *, char *text, size_t size, const char *path, struct out *why);
/* NULL: the interface is left alone. */
const struct plan *config_plan(const struct config *, const struct kernel_link *);

#endif

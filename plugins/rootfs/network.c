/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The network's part of init.ini. There is nobody in the guest who asks for an address,
 * so what the recipe says must be a whole network and one that can work.
 */
#include "options.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "text.h"

/* Addresses as numbers, 0 for one that is not given. */
struct network {
	uint32_t address, mask, gateway;
	int prefix; /* behind ip_address; 0: none */
};

/* What the recipe calls it: net_gateway is gateway in [boot.network]. */
static const char *
key_of(const char *option)
{
	return option + strlen("net_");
}

static int
ipv4_read(const char *text, size_t len, uint32_t *to)
{
	char address[INET_ADDRSTRLEN];
	struct in_addr in;

	if (len >= sizeof(address))
		return -1;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(AF_INET, address, &in) != 1)
		return -1;
	*to = ntohl(in.s_addr);
	return 0;
}

static int
ipv4_option(struct msmv_stage *s, const char *option, uint32_t *to)
{
	const char *given = s->host->option(s, option);

	if (!given || ipv4_read(given, strlen(given), to) == 0)
		return 0;
	return problem_at(s, option, NULL, NULL, "%s: \"%s\" is not an IPv4 address",
		key_of(option), given);
}

static int
prefix_read(const char *text, int *prefix)
{
	char *end = NULL;
	long bits = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;

	if (bits < 1 || bits > 32 || *end != '\0')
		return -1;
	*prefix = (int)bits;
	return 0;
}

static int
address_option(struct msmv_stage *s, struct network *n)
{
	const char *given = s->host->option(s, "net_ip_address");
	size_t len = given ? strcspn(given, "/") : 0;

	if (!given || (ipv4_read(given, len, &n->address) == 0 &&
			      (given[len] == '\0' ||
				      prefix_read(given + len + 1, &n->prefix) == 0)))
		return 0;
	return problem_at(s, "net_ip_address", NULL, "write it like \"10.0.2.15/24\"",
		"ip_address: \"%s\" is not an IPv4 address", given);
}

static int
check_interface(struct msmv_stage *s)
{
	const char *name = s->host->option(s, "net_interface");
	size_t n = strlen(name);

	if (n > 0 && n < 16 && strcspn(name, "/ \t\n:\"\\") == n && name[0] != '.')
		return 0;
	return problem_at(s, "net_interface", NULL, NULL,
		"interface: \"%s\" is not the name of an interface", name);
}

static int
check_resolvers(struct msmv_stage *s)
{
	size_t n = s->host->option_count(s, "net_dns");
	unsigned char in[16];
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *server = s->host->option_at(s, "net_dns", i);

		if (inet_pton(AF_INET, server, in) != 1 &&
			inet_pton(AF_INET6, server, in) != 1)
			bad = problem_at(s, "net_dns", server, NULL,
				"dns: \"%s\" is not the address of a name server", server);
	}
	return bad;
}

static uint32_t
mask_of(int prefix)
{
	return UINT32_MAX << (32 - prefix);
}

static int
check_mask(struct msmv_stage *s, struct network *n)
{
	const char *given = s->host->option(s, "net_netmask");
	uint32_t host = ~n->mask;

	if (given && (n->mask == 0 || (host & (host + 1)) != 0))
		return problem_at(s, "net_netmask", NULL, "write it like \"255.255.255.0\"",
			"netmask: %s is not ones and then zeros", given);
	if (given && n->prefix && n->mask != mask_of(n->prefix))
		return problem_at(s, "net_netmask", NULL, "leave one of them out",
			"netmask: %s is another than the /%d of ip_address", given,
			n->prefix);
	if (!given && n->prefix)
		n->mask = mask_of(n->prefix);
	if (n->mask)
		return 0;
	return problem_at(s, "net_ip_address", NULL, "write ip_address = \"ADDRESS/PREFIX\"",
		"ip_address needs a netmask");
}

static int
check_gateway(struct msmv_stage *s, const struct network *n)
{
	const char *given = s->host->option(s, "net_gateway");

	if (!given || (n->address & n->mask) == (n->gateway & n->mask))
		return 0;
	return problem_at(s, "net_gateway", NULL, NULL,
		"gateway: there is no way to %s, which is outside of ip_address's network",
		given);
}

/* Each of the options is an address; do they go together? */
static int
check_whole(struct msmv_stage *s, struct network *n)
{
	static const char *const rest[] = {"net_gateway", "net_netmask", "net_enable"};
	const char *option = NULL;

	if (n->address)
		return check_mask(s, n) != 0 ? -1 : check_gateway(s, n);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]) && !option; i++)
		option = s->host->option(s, rest[i]) ? rest[i] : NULL;
	/* A switch that the recipe leaves to the section stands where this begins. */
	return problem_at(s, option, option ? s->host->option(s, option) : NULL,
		"write ip_address = \"ADDRESS/PREFIX\"; there is no DHCP",
		"%s needs an ip_address", option ? key_of(option) : "the network");
}

static int
network_wanted(struct msmv_stage *s)
{
	if (s->host->option(s, "net_enable"))
		return s->host->option_int(s, "net_enable") != 0;
	return s->host->option(s, "net_ip_address") != NULL;
}

static void
add_address(struct text *t, const char *name, uint32_t address)
{
	struct in_addr in = {.s_addr = htonl(address)};
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &in, text, sizeof(text));
	text_fmt(t, "%s = %s\n", name, text);
}

static void
network_write(struct msmv_stage *s, const struct network *n, struct text *t)
{
	size_t servers = s->host->option_count(s, "net_dns");

	text_fmt(t, "\n[network]\ninterface = %s\n", s->host->option(s, "net_interface"));
	add_address(t, "address", n->address);
	add_address(t, "netmask", n->mask);
	if (n->gateway)
		add_address(t, "gateway", n->gateway);
	text_str(t, servers > 0 ? "dns =" : "");
	for (size_t i = 0; i < servers; i++)
		text_fmt(t, " %s", s->host->option_at(s, "net_dns", i));
	text_str(t, servers > 0 ? "\n" : "");
}

int
ini_network(struct msmv_stage *s, struct text *t)
{
	struct network n = {0};
	int bad;

	if (!network_wanted(s))
		return 0;
	bad = address_option(s, &n);
	bad |= ipv4_option(s, "net_netmask", &n.mask);
	bad |= ipv4_option(s, "net_gateway", &n.gateway);
	if (!bad)
		bad = check_whole(s, &n);
	bad |= check_interface(s);
	bad |= check_resolvers(s);
	if (!bad)
		network_write(s, &n, t);
	return bad;
}

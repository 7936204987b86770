/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The network that init sets up by itself: one interface with one IPv4 address. Nobody
 * asks a server then, so what the recipe says must be a whole network that can work.
 */
#include "options.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "network.h"
#include "text.h"

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

static const char *
network_interface(struct msmv_stage *s)
{
	const char *given = s->host->option(s, "net_interface");

	return given ? given : NET_INTERFACE;
}

static int
check_interface(struct msmv_stage *s)
{
	const char *name = network_interface(s);
	size_t n = strlen(name);

	if (n > 0 && n < 16 && strcspn(name, "/ \t\n:\"\\") == n && name[0] != '.')
		return 0;
	return problem_at(s, "net_interface", NULL, NULL,
		"interface: \"%s\" is not the name of an interface", name);
}

int
network_resolvers(struct msmv_stage *s)
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

int
network_static(struct msmv_stage *s, struct network *n)
{
	int bad = address_option(s, n);

	bad |= ipv4_option(s, "net_netmask", &n->mask);
	bad |= ipv4_option(s, "net_gateway", &n->gateway);
	if (bad)
		return -1;
	return check_mask(s, n) != 0 ? -1 : check_gateway(s, n);
}

int
network_wanted(struct msmv_stage *s)
{
	if (s->host->option(s, "net_enable"))
		return s->host->option_int(s, "net_enable") != 0;
	return s->host->option(s, "net_ip_address") || s->host->option_int(s, "net_helper");
}

long long
network_wait_ms(struct msmv_stage *s)
{
	return s->host->option(s, "net_wait_ms") ? (long long)s->host->option_int(s, "net_wait_ms")
						 : NET_WAIT_MS;
}

/* A network of more than init can do by itself, and nobody who does it. */
static int
check_simple(struct msmv_stage *s)
{
	static const char *const more[] = {"net_ipv6", "net_delegation", "net_search", "net_mtu",
		"net_metric", "net_wait_ms", "net_wait_for", "net_lease_hostname"};
	const char *option = s->host->option(s, "net_ip_address") ? NULL : "net_enable";
	const char *method = s->host->option(s, "net_method");

	if (method && strcmp(method, "static") != 0)
		option = "net_method";
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]) && !option; i++)
		option = s->host->option_count(s, more[i]) > 0 ? more[i] : NULL;
	if (!option)
		return 0;
	return problem_at(s, option, NULL, "net_helper = true here and for guest-init",
		"%s needs msmv-net in the image", key_of(option));
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

	text_fmt(t, "\n[network]\ninterface = %s\n", network_interface(s));
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

	if (!network_wanted(s) || s->host->option_int(s, "net_helper"))
		return 0;
	bad = check_simple(s);
	if (!bad)
		bad = network_static(s, &n);
	bad |= check_interface(s);
	bad |= network_resolvers(s);
	if (!bad)
		network_write(s, &n, t);
	return bad;
}

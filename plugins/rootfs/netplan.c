/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Addresses and gateways of a recipe, looked at as a whole: msmv-net would take any route,
 * but one that leads nowhere is a mistake of who wrote the recipe.
 */
#include "netplan.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "network.h"
#include "options.h"
#include "text.h"

#define WORD_MAX 64
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
option_name(const struct net_plan *p, const char *key, char name[32])
{
	struct text t = {0};

	text_fmt(&t, "%s_%s", p->nic ? "nic" : "net", key);
	name[0] = '\0';
	if (t.data && t.len < 32)
		memcpy(name, t.data, t.len + 1);
	text_release(&t);
}

/* What the recipe says of a key; NULL: nothing. */
static const char *
wish(const struct net_plan *p, const char *key)
{
	char name[32];

	option_name(p, key, name);
	return p->nic ? map_get(p->stage, name, p->nic) : p->stage->host->option(p->stage, name);
}

void
net_plan_wrong(struct net_plan *p, const char *key, const char *hint, const char *what, const char *text)
{
	char name[32];

	option_name(p, key, name);
	p->bad = problem_at(p->stage, name, p->nic, hint, "%s: \"%s\" %s", key, text, what);
}

/* true or false; fallback if the recipe says nothing. */
static int
flag(struct net_plan *p, const char *key, int fallback)
{
	/* As options have them, and as items of a map do. */
	static const char *const no[] = {"0", "n", "false"}, *const yes[] = {"1", "y", "true"};
	const char *text = wish(p, key);

	for (size_t i = 0; text && i < COUNT(yes); i++) {
		if (strcmp(text, yes[i]) == 0)
			return 1;
		if (strcmp(text, no[i]) == 0)
			return 0;
	}
	if (text)
		net_plan_wrong(p, key, NULL, "is neither true nor false", text);
	return fallback;
}

/* Maps hold texts: what an option's table says of numbers is said here for them. */
static void
number(struct net_plan *p, const char *key, long least, long most)
{
	const char *text = wish(p, key);
	char *end = NULL;
	long n = text ? strtol(text, &end, 10) : 0;

	if (!text)
		return;
	if (end == text || *end != '\0' || n < least || n > most)
		net_plan_wrong(p, key, NULL, "is not a number in its range", text);
	else
		text_fmt(p->out, "%s = %ld\n", key, n);
}

/* The next word between blanks; 0: there is none, or it is too long to be right. */
static int
next_word(const char **at, char word[WORD_MAX])
{
	size_t n;

	*at += strspn(*at, " \t\n");
	n = strcspn(*at, " \t\n");
	if (n == 0)
		return 0;
	memcpy(word, *at, n < WORD_MAX ? n : WORD_MAX - 1);
	word[n < WORD_MAX ? n : WORD_MAX - 1] = '\0';
	*at += n;
	return 1;
}

/* One that a host can have, and no mapped or link-local one. */
static int
is_host(int family, const unsigned char *b)
{
	static const unsigned char zeros[15];

	if (family == AF_INET)
		return b[0] != 0 && b[0] != 127 && b[0] < 224;
	return b[0] != 0xff && !(b[0] == 0xfe && (b[1] & 0xc0) == 0x80) &&
	       memcmp(b, zeros, 10) != 0;
}

/* "ADDRESS" of either family into family and bytes; -1: it is none. */
static int
address_read(const char *word, int *family, unsigned char bytes[16])
{
	*family = strchr(word, ':') ? AF_INET6 : AF_INET;
	return inet_pton(*family, word, bytes) == 1 ? 0 : -1;
}

/* Notes one "ADDRESS/PREFIX" and writes it as msmv-net reads it. */
static void
address_add(struct net_plan *p, char *word)
{
	char *slash = strchr(word, '/'), *end = NULL, plain[INET6_ADDRSTRLEN];
	unsigned n = p->count[0] + p->count[1];
	int family;
	long bits;

	if (!slash) {
		net_plan_wrong(p, "ip_address", "write it like \"10.0.2.15/24\"", "has no prefix", word);
		return;
	}
	*slash = '\0';
	bits = slash[1] >= '0' && slash[1] <= '9' ? strtol(slash + 1, &end, 10) : 0;
	if (n == 2 * ADDRESSES_MAX || address_read(word, &family, p->nets[n].bytes) != 0 ||
		bits < 1 || bits > (family == AF_INET ? 32 : 128) || *end != '\0' ||
		!is_host(family, p->nets[n].bytes) ||
		p->count[family == AF_INET6] == ADDRESSES_MAX) {
		*slash = '/';
		net_plan_wrong(p, "ip_address", NULL,
			n == 2 * ADDRESSES_MAX ? "is one more than there is room for"
					       : "is not an address that a machine can have", word);
		return;
	}
	p->nets[n].family = family;
	p->nets[n].bits = (int)bits;
	p->host[family == AF_INET6] |= bits == (family == AF_INET ? 32 : 128);
	p->count[family == AF_INET6]++;
	inet_ntop(family, p->nets[n].bytes, plain, sizeof(plain));
	text_fmt(p->out, "%s%s/%ld", n ? " " : "address = ", plain, bits);
}

/* The one address with a netmask of old recipes, or any number of them. */
static void
addresses(struct net_plan *p)
{
	const char *given = wish(p, "ip_address");
	struct network n = {0};
	char word[WORD_MAX];

	if (!given && !p->nic && wish(p, "netmask")) {
		net_plan_wrong(p, "netmask", NULL, "needs an ip_address", wish(p, "netmask"));
		return;
	}
	if (!p->nic && wish(p, "netmask")) {
		int ones = 0;

		if (network_static(p->stage, &n) != 0) {
			p->bad = -1;
			return;
		}
		while (ones < 32 && n.mask & 1u << (31 - ones))
			ones++;
		text_fmt(p->out, "address = %u.%u.%u.%u/%d\n", n.address >> 24,
			n.address >> 16 & 255, n.address >> 8 & 255, n.address & 255, ones);
		p->count[0] = 1;
		p->host[0] = 1; /* the gateway was looked at */
		return;
	}
	while (given && next_word(&given, word))
		address_add(p, word);
	if (p->count[0] + p->count[1] > 0)
		text_str(p->out, "\n");
}

static int
in_net(const struct net_plan *p, int family, const unsigned char *bytes)
{
	for (unsigned i = 0; i < p->count[0] + p->count[1]; i++) {
		int bits = p->nets[i].bits, same = p->nets[i].family == family;

		for (int k = 0; same && k < bits; k++)
			same = ((bytes[k / 8] ^ p->nets[i].bytes[k / 8]) >> (7 - k % 8) & 1) == 0;
		if (same)
			return 1;
	}
	return 0;
}

static void
gateways(struct net_plan *p)
{
	const char *given = wish(p, "gateway");
	char word[WORD_MAX];
	unsigned seen[2] = {0};

	if (!given)
		return;
	text_str(p->out, "gateway =");
	while (next_word(&given, word)) {
		unsigned char bytes[16];
		int family, six;

		if (address_read(word, &family, bytes) != 0) {
			net_plan_wrong(p, "gateway", NULL, "is not an address", word);
			continue;
		}
		six = family == AF_INET6;
		if (seen[six]++)
			net_plan_wrong(p, "gateway", NULL, "is a second one of its family", word);
		else if (p->count[six] == 0)
			net_plan_wrong(p, "gateway", NULL, "needs an ip_address of its family", word);
		else if (!p->host[six] && !in_net(p, family, bytes) &&
			 !(six && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80))
			net_plan_wrong(p, "gateway", NULL, "is outside of ip_address's network", word);
		text_fmt(p->out, " %s", word);
	}
	if (seen[0] + seen[1] == 0)
		net_plan_wrong(p, "gateway", NULL, "is empty", "");
	text_str(p->out, "\n");
}

/* The keys of one section. */
void
net_plan_write(struct net_plan *p)
{
	const char *given = wish(p, "method");
	const char *method = given ? given : wish(p, "ip_address") ? "static" : "auto";
	int is_auto = strcmp(method, "auto") == 0, dhcp = strcmp(method, "dhcp") == 0;
	int router = flag(p, "ipv6", is_auto);

	if (!is_auto && !dhcp && strcmp(method, "static") != 0)
		net_plan_wrong(p, "method", NULL, "is none of auto, dhcp, static", method);
	addresses(p);
	gateways(p);
	if (!is_auto && !dhcp && p->count[0] + p->count[1] == 0 && !p->bad)
		net_plan_wrong(p, "method", NULL, "needs an ip_address", method);
	if (is_auto || dhcp)
		text_str(p->out, "dhcp4 = yes\n");
	if (router)
		text_str(p->out, "router6 = yes\n");
	else if (wish(p, "ipv6"))
		text_str(p->out, "no_ipv6 = yes\n");
	if (!router && wish(p, "ipv6") && p->count[1] > 0)
		net_plan_wrong(p, "ipv6", NULL, "leaves no room for the IPv6 address", "false");
	if (flag(p, "delegation", 0)) {
		text_str(p->out, "delegation = yes\n");
		if (!router)
			net_plan_wrong(p, "delegation", "ipv6 = true", "needs IPv6 routers", "true");
	}
	/* With less than 1280 the kernel ends IPv6. */
	number(p, "mtu", router || p->count[1] > 0 ? 1280 : 68, 65535);
	number(p, "metric", 1, 1000000);
}

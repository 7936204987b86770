/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * /etc/msmv/net.ini, what msmv-net reads: the network of [boot.network] itself, and of
 * each interface that has a table of its own. All that msmv-net would refuse is refused
 * here, and what could not work besides.
 */
#include "options.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "network.h"
#include "text.h"

#define ADDRESSES_MAX 4 /* of a family and interface; as many as msmv-net has room for */
#define NAMES_MAX 8
#define INTERFACES_MAX 15
#define WORD_MAX 64

/* Where a wish stands: an item of the nic_ maps, or [boot.network] itself (NULL). */
struct plan {
	struct msmv_stage *stage;
	const char *nic;
	struct text *out;
	unsigned count[2]; /* addresses: IPv4, IPv6 */
	int host[2];       /* one of them is a network of one: its gateway is elsewhere */
	struct {
		int family, bits;
		unsigned char bytes[16];
	} nets[2 * ADDRESSES_MAX];
	int bad;
};

static const char *const nic_maps[] = {"nic_method", "nic_ip_address", "nic_gateway",
	"nic_ipv6", "nic_delegation", "nic_mtu", "nic_metric"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
option_name(const struct plan *p, const char *key, char name[32])
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
wish(const struct plan *p, const char *key)
{
	char name[32];

	option_name(p, key, name);
	return p->nic ? map_get(p->stage, name, p->nic) : p->stage->host->option(p->stage, name);
}

static void
wrong(struct plan *p, const char *key, const char *hint, const char *what, const char *text)
{
	char name[32];

	option_name(p, key, name);
	p->bad = problem_at(p->stage, name, p->nic, hint, "%s: \"%s\" %s", key, text, what);
}

/* true or false; fallback if the recipe says nothing. */
static int
flag(struct plan *p, const char *key, int fallback)
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
		wrong(p, key, NULL, "is neither true nor false", text);
	return fallback;
}

/* Maps hold texts: what an option's table says of numbers is said here for them. */
static void
number(struct plan *p, const char *key, long least, long most)
{
	const char *text = wish(p, key);
	char *end = NULL;
	long n = text ? strtol(text, &end, 10) : 0;

	if (!text)
		return;
	if (end == text || *end != '\0' || n < least || n > most)
		wrong(p, key, NULL, "is not a number in its range", text);
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
address_add(struct plan *p, char *word)
{
	char *slash = strchr(word, '/'), *end = NULL, plain[INET6_ADDRSTRLEN];
	unsigned n = p->count[0] + p->count[1];
	int family;
	long bits;

	if (!slash) {
		wrong(p, "ip_address", "write it like \"10.0.2.15/24\"", "has no prefix", word);
		return;
	}
	*slash = '\0';
	bits = slash[1] >= '0' && slash[1] <= '9' ? strtol(slash + 1, &end, 10) : 0;
	if (n == 2 * ADDRESSES_MAX || address_read(word, &family, p->nets[n].bytes) != 0 ||
		bits < 1 || bits > (family == AF_INET ? 32 : 128) || *end != '\0' ||
		!is_host(family, p->nets[n].bytes) ||
		p->count[family == AF_INET6] == ADDRESSES_MAX) {
		*slash = '/';
		wrong(p, "ip_address", NULL,
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
addresses(struct plan *p)
{
	const char *given = wish(p, "ip_address");
	struct network n = {0};
	char word[WORD_MAX];

	if (!given && !p->nic && wish(p, "netmask")) {
		wrong(p, "netmask", NULL, "needs an ip_address", wish(p, "netmask"));
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
in_net(const struct plan *p, int family, const unsigned char *bytes)
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
gateways(struct plan *p)
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
			wrong(p, "gateway", NULL, "is not an address", word);
			continue;
		}
		six = family == AF_INET6;
		if (seen[six]++)
			wrong(p, "gateway", NULL, "is a second one of its family", word);
		else if (p->count[six] == 0)
			wrong(p, "gateway", NULL, "needs an ip_address of its family", word);
		else if (!p->host[six] && !in_net(p, family, bytes) &&
			 !(six && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80))
			wrong(p, "gateway", NULL, "is outside of ip_address's network", word);
		text_fmt(p->out, " %s", word);
	}
	if (seen[0] + seen[1] == 0)
		wrong(p, "gateway", NULL, "is empty", "");
	text_str(p->out, "\n");
}

/* The keys of one section. */
static void
plan_write(struct plan *p)
{
	const char *given = wish(p, "method");
	const char *method = given ? given : wish(p, "ip_address") ? "static" : "auto";
	int is_auto = strcmp(method, "auto") == 0, dhcp = strcmp(method, "dhcp") == 0;
	int router = flag(p, "ipv6", is_auto);

	if (!is_auto && !dhcp && strcmp(method, "static") != 0)
		wrong(p, "method", NULL, "is none of auto, dhcp, static", method);
	addresses(p);
	gateways(p);
	if (!is_auto && !dhcp && p->count[0] + p->count[1] == 0 && !p->bad)
		wrong(p, "method", NULL, "needs an ip_address", method);
	if (is_auto || dhcp)
		text_str(p->out, "dhcp4 = yes\n");
	if (router)
		text_str(p->out, "router6 = yes\n");
	else if (wish(p, "ipv6"))
		text_str(p->out, "no_ipv6 = yes\n");
	if (!router && wish(p, "ipv6") && p->count[1] > 0)
		wrong(p, "ipv6", NULL, "leaves no room for the IPv6 address", "false");
	if (flag(p, "delegation", 0)) {
		text_str(p->out, "delegation = yes\n");
		if (!router)
			wrong(p, "delegation", "ipv6 = true", "needs IPv6 routers", "true");
	}
	number(p, "mtu", 68, 65535);
	number(p, "metric", 1, 1000000);
}

static int
interface_is_right(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789_.-");

	return n > 0 && n < 16 && name[n] == '\0' && name[0] != '.' && strcmp(name, "lo") != 0;
}

/* [boot.network] itself: for the interface that it names, else for all others. */
static int
write_own(struct msmv_stage *s, struct text *t, const char *name)
{
	struct plan p = {.stage = s, .out = t};

	if (!name && s->host->option(s, "net_ip_address"))
		name = NET_INTERFACE;
	if (name && !interface_is_right(name))
		wrong(&p, "interface", NULL, "is not the name of an interface", name);
	if (name)
		text_fmt(t, "\n[interface %s]\n", name);
	else
		text_str(t, "\n[others]\n");
	plan_write(&p);
	return p.bad;
}

/* Whether the item of the map with this number stands in one of the maps before. */
static int
was_there(struct msmv_stage *s, size_t map, const char *nic)
{
	for (size_t i = 0; i < map; i++)
		if (map_get(s, nic_maps[i], nic))
			return 1;
	return 0;
}

static int
write_interfaces(struct msmv_stage *s, struct text *t, const char *own)
{
	unsigned written = 0;
	int bad = 0;

	for (size_t i = 0; i < COUNT(nic_maps); i++) {
		for (size_t k = 0; k < s->host->option_count(s, nic_maps[i]); k++) {
			const char *nic = s->host->option_key(s, nic_maps[i], k);
			struct plan p = {.stage = s, .nic = nic, .out = t};

			if (was_there(s, i, nic))
				continue;
			if (!interface_is_right(nic))
				bad = problem_at(s, nic_maps[i], nic, NULL,
					"\"%s\" is not the name of an interface", nic);
			else if (own && strcmp(own, nic) == 0)
				bad = problem_at(s, nic_maps[i], nic, "say all of it in one place",
					"interface %s is that of [boot.network] itself", nic);
			else if (++written > INTERFACES_MAX)
				bad = problem_at(s, nic_maps[i], nic, NULL,
					"more than %d interfaces", INTERFACES_MAX);
			text_fmt(t, "\n[interface %s]\n", nic);
			plan_write(&p);
			bad |= p.bad;
		}
	}
	return bad;
}

/* A list of up to NAMES_MAX words. */
static int
write_names(struct msmv_stage *s, struct text *t, const char *option, const char *key)
{
	size_t n = s->host->option_count(s, option);
	int bad = 0;

	if (n > NAMES_MAX)
		bad = problem_at(s, option, NULL, NULL, "%s: more than %d", key, NAMES_MAX);
	text_fmt(t, n > 0 ? "%s =" : "", key);
	for (size_t i = 0; i < n; i++)
		text_fmt(t, " %s", s->host->option_at(s, option, i));
	text_str(t, n > 0 ? "\n" : "");
	return bad;
}

static int
check_search(struct msmv_stage *s)
{
	size_t n = s->host->option_count(s, "net_search");
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = s->host->option_at(s, "net_search", i);
		size_t right = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					    "0123456789-_.");

		if (right == 0 || name[right] != '\0')
			bad = problem_at(s, "net_search", name, NULL,
				"search: \"%s\" is not a domain", name);
	}
	return bad;
}

int
net_ini(struct msmv_stage *s, struct text *t)
{
	const char *name = s->host->option(s, "net_interface");
	int bad = 0;

	if (!network_wanted(s) || !s->host->option_int(s, "net_helper"))
		return 0;
	text_fmt(t, "# Read by msmv-net.\n[net]\nlog = %s\n", s->host->option(s, "log"));
	if (s->host->option(s, "net_wait_ms"))
		text_fmt(t, "wait_ms = %lld\n", (long long)s->host->option_int(s, "net_wait_ms"));
	if (s->host->option(s, "net_wait_for"))
		text_fmt(t, "wait_for = %s\n", s->host->option(s, "net_wait_for"));
	if (s->host->option_int(s, "net_lease_hostname"))
		text_str(t, "lease_hostname = yes\n");
	bad |= network_resolvers(s);
	bad |= check_search(s);
	bad |= write_names(s, t, "net_dns", "dns");
	bad |= write_names(s, t, "net_search", "search");
	bad |= write_own(s, t, name);
	bad |= write_interfaces(s, t,
		name ? name : s->host->option(s, "net_ip_address") ? NET_INTERFACE : NULL);
	return bad;
}

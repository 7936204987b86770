/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * /etc/msmv/net.ini, what msmv-net reads: the network of [boot.network] itself, and of
 * each interface that has a table of its own. All that msmv-net would refuse is refused
 * here, and what could not work besides.
 */
#include "options.h"

#include <string.h>

#include "../problem/problem.h"
#include "netplan.h"
#include "network.h"
#include "text.h"

#define NAMES_MAX 8
#define INTERFACES_MAX 15

static const char *const nic_maps[] = {"nic_method", "nic_ip_address", "nic_gateway",
	"nic_ipv6", "nic_delegation", "nic_mtu", "nic_metric"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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
	struct net_plan p = {.stage = s, .out = t};

	if (!name && s->host->option(s, "net_ip_address"))
		name = NET_INTERFACE;
	if (name && !interface_is_right(name))
		net_plan_wrong(&p, "interface", NULL, "is not the name of an interface", name);
	if (name)
		text_fmt(t, "\n[interface %s]\n", name);
	else
		text_str(t, "\n[others]\n");
	net_plan_write(&p);
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
			struct net_plan p = {.stage = s, .nic = nic, .out = t};

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
			net_plan_write(&p);
			bad |= p.bad;
		}
	}
	return bad;
}

/* Two routes to one place with one metric are one for the kernel: the last one. */
static int
check_metrics(struct msmv_stage *s)
{
	size_t n = s->host->option_count(s, "nic_metric");
	const char *own = s->host->option(s, "net_metric");
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *nic = s->host->option_key(s, "nic_metric", i);
		const char *metric = map_get(s, "nic_metric", nic);
		int same = own && strcmp(own, metric) == 0;

		for (size_t k = 0; k < i; k++)
			same |= strcmp(map_get(s, "nic_metric",
					       s->host->option_key(s, "nic_metric", k)), metric) == 0;
		if (same)
			bad = problem_at(s, "nic_metric", nic, NULL,
				"metric: %s is another interface's, too", metric);
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
	bad |= check_metrics(s);
	bad |= write_own(s, t, name);
	bad |= write_interfaces(s, t,
		name ? name : s->host->option(s, "net_ip_address") ? NET_INTERFACE : NULL);
	return bad;
}

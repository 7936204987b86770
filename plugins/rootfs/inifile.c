/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * /etc/msmv/init.ini, what msmv-init reads. Everything that it would refuse
 * at boot is refused here, before anything is built.
 */
#include "options.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "words.h"

const char *
map_get(struct msmv_stage *s, const char *option, const char *key)
{
	size_t n;

	if (MSMV_HAS(s->host, option_get))
		return s->host->option_get(s, option, key);
	n = s->host->option_count(s, option);
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->host->option_key(s, option, i), key) == 0)
			return s->host->option_at(s, option, i);
	return NULL;
}

int
map_keys_are_apps(struct msmv_stage *s, const char *option)
{
	size_t n = s->host->option_count(s, option);

	for (size_t i = 0; i < n; i++) {
		const char *key = s->host->option_key(s, option, i);

		if (!map_get(s, "app", key))
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"%s.%s: there is no application \"%s\" that init starts",
				option, key, key);
	}
	return 0;
}

void
hostname_get(struct msmv_stage *s, char name[HOSTNAME_MAX + 1])
{
	const char *given = s->host->option(s, "hostname");
	size_t n = 0;

	for (; given && *given != '\0' && n < HOSTNAME_MAX; given++) {
		int fits = (*given >= 'a' && *given <= 'z') ||
			   (*given >= 'A' && *given <= 'Z') ||
			   (*given >= '0' && *given <= '9') || *given == '.';

		/* A name neither begins with - nor has two for one gap. */
		if (fits || (n > 0 && name[n - 1] != '-'))
			name[n++] = fits ? *given : '-';
	}
	while (n > 0 && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	if (n == 0)
		snprintf(name, HOSTNAME_MAX + 1, "msmv");
}

int
ini_init(struct msmv_stage *s, struct text *t)
{
	size_t n = s->host->option_count(s, "env");
	char name[HOSTNAME_MAX + 1];

	hostname_get(s, name);
	text_fmt(t, "# Read by msmv-init.\n[init]\nhostname = %s\n", name);
	text_fmt(t, "grace_ms = %lld\n", (long long)s->host->option_int(s, "grace_ms"));
	text_fmt(t, "log = %s\nhalt = %s\n", s->host->option(s, "log"),
		s->host->option(s, "halt"));
	if (n > 0)
		text_str(t, "env =");
	for (size_t i = 0; i < n; i++) {
		const char *key = s->host->option_key(s, "env", i);
		struct text pair = {0};

		if (*key == '\0' || strchr(key, '='))
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"env: \"%s\" is not the name of a variable", key);
		text_fmt(&pair, "%s=%s", key, s->host->option_at(s, "env", i));
		text_str(t, " ");
		if (pair.data)
			word_quote(t, pair.data);
		t->failed |= pair.failed;
		text_release(&pair);
	}
	if (n > 0)
		text_str(t, "\n");
	return 0;
}

/* The address of an option without a "/PREFIX", NULL when it is unset. */
static int
ipv4_option(struct msmv_stage *s, const char *option, char address[16], int *prefix)
{
	const char *given = s->host->option(s, option);
	size_t len = given ? strcspn(given, "/") : 0;
	struct in_addr in;
	char *end = NULL;

	address[0] = '\0';
	if (!given)
		return 0;
	if (len < 16) {
		memcpy(address, given, len);
		address[len] = '\0';
	}
	if (inet_pton(AF_INET, address, &in) == 1 && given[len] == '\0')
		return 0;
	if (inet_pton(AF_INET, address, &in) == 1 && prefix && given[len + 1] >= '0' &&
		given[len + 1] <= '9') {
		long bits = strtol(given + len + 1, &end, 10);

		if (*end == '\0' && bits >= 1 && bits <= 32) {
			*prefix = (int)bits;
			return 0;
		}
	}
	return s->host->fail(s, MSMV_FAIL_RECIPE, "%s: \"%s\" is not an IPv4 address%s",
		option, given,
		prefix ? " such as 10.0.2.15 or 10.0.2.15/24" : " such as 10.0.2.2");
}

static void
netmask_of(int prefix, char mask[16])
{
	struct in_addr in = {.s_addr = htonl((uint32_t)(0xffffffffu << (32 - prefix)))};

	inet_ntop(AF_INET, &in, mask, 16);
}

static int
interface_is_right(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < 16 && strcspn(name, "/ \t\n:\"\\") == n && name[0] != '.';
}

static int
ini_resolvers(struct msmv_stage *s, struct text *t)
{
	size_t n = s->host->option_count(s, "net_dns");
	unsigned char in[16];

	if (n > 0)
		text_str(t, "dns =");
	for (size_t i = 0; i < n; i++) {
		const char *server = s->host->option_at(s, "net_dns", i);

		if (inet_pton(AF_INET, server, in) != 1 &&
			inet_pton(AF_INET6, server, in) != 1)
			return s->host->fail(s, MSMV_FAIL_RECIPE,
				"net_dns: \"%s\" is not the address of a name server",
				server);
		text_fmt(t, " %s", server);
	}
	text_str(t, n > 0 ? "\n" : "");
	return 0;
}

static int
network_wanted(struct msmv_stage *s)
{
	if (s->host->option(s, "net_enable"))
		return s->host->option_int(s, "net_enable") != 0;
	return s->host->option(s, "net_ip_address") != NULL;
}

int
ini_network(struct msmv_stage *s, struct text *t)
{
	const char *interface = s->host->option(s, "net_interface");
	char address[16], mask[16], gateway[16];
	int prefix = 0;

	if (!network_wanted(s))
		return 0;
	if (ipv4_option(s, "net_ip_address", address, &prefix) != 0 ||
		ipv4_option(s, "net_netmask", mask, NULL) != 0 ||
		ipv4_option(s, "net_gateway", gateway, NULL) != 0)
		return -1;
	if (!interface_is_right(interface))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"net_interface: \"%s\" is not the name of an interface",
			interface);
	if (prefix > 0 && mask[0] == '\0')
		netmask_of(prefix, mask);
	if ((address[0] != '\0') != (mask[0] != '\0'))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"the network needs an address and its netmask; write "
			"net_ip_address = "
			"\"ADDRESS/PREFIX\"");
	if (gateway[0] != '\0' && address[0] == '\0')
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"net_gateway needs net_ip_address, as there is no way to it "
			"without");
	text_fmt(t, "\n[network]\ninterface = %s\n", interface);
	if (address[0] != '\0')
		text_fmt(t, "address = %s\nnetmask = %s\n", address, mask);
	if (gateway[0] != '\0')
		text_fmt(t, "gateway = %s\n", gateway);
	return ini_resolvers(s, t);
}

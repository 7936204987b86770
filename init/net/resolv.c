/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Resolvers look at the first three servers and the last search line, so each server is
 * named once, and all domains stand in one line.
 */
#include "resolv.h"

#include <string.h>

#include "clock.h"
#include "nic.h"
#include "out.h"

#define SERVERS 8
#define SERVER_BYTES 64 /* an IPv6 address with % and an interface */
#define SEARCH_BYTES 512

struct list {
	char servers[SERVERS][SERVER_BYTES];
	unsigned count;
	char search[SEARCH_BYTES];
};

static void
server_add(struct list *l, const char *text)
{
	for (unsigned i = 0; i < l->count; i++)
		if (strcmp(l->servers[i], text) == 0)
			return;
	if (l->count < SERVERS && strlen(text) < SERVER_BYTES)
		memcpy(l->servers[l->count++], text, strlen(text) + 1);
}

static void
add_ipv4(struct list *l, uint32_t server)
{
	char text[SERVER_BYTES];
	struct out o;

	out_init(&o, text, sizeof(text));
	out_ipv4(&o, server);
	server_add(l, text);
}

static void
add_ipv6(struct list *l, const struct ip6 *server, const char *interface)
{
	char text[SERVER_BYTES];
	struct out o;

	out_init(&o, text, sizeof(text));
	out_ipv6(&o, server);
	if (ipv6_is_link_local(server))
		out_fmt(&o, "%%%s", interface);
	server_add(l, text);
}

static int
has_word(const char *list, const char *word, size_t n)
{
	while (*list != '\0') {
		size_t k = strcspn(list, " ");

		if (k == n && memcmp(list, word, n) == 0)
			return 1;
		list += k + (list[k] == ' ');
	}
	return 0;
}

/* Each of the names that is not there yet. */
static void
search_add(struct list *l, const char *names)
{
	while (*names != '\0') {
		size_t n = strcspn(names, " "), used = strlen(l->search);

		if (n > 0 && !has_word(l->search, names, n) && used + n + 2 <= SEARCH_BYTES) {
			if (used > 0)
				l->search[used++] = ' ';
			memcpy(l->search + used, names, n);
			l->search[used + n] = '\0';
		}
		names += n + (names[n] == ' ');
	}
}

static void
add_nic(struct list *l, const struct nic *n)
{
	const struct dhcp4_lease *lease = &n->dhcp4.lease;

	if (dhcp4_is_bound(&n->dhcp4)) {
		for (unsigned i = 0; i < lease->dns_count; i++)
			add_ipv4(l, lease->dns[i]);
		search_add(l, lease->search[0] != '\0' ? lease->search : lease->domain);
	}
	for (unsigned i = 0; i < n->dhcp6.dns_count; i++)
		add_ipv6(l, &n->dhcp6.dns[i], n->name);
	search_add(l, n->dhcp6.search);
	for (unsigned i = 0; i < SLAAC_DNS; i++)
		if (n->slaac.dns[i].used)
			add_ipv6(l, &n->slaac.dns[i].server, n->name);
	search_add(l, n->slaac.search);
}

void
resolv_make(struct out *o, const struct config *c, const struct nic *nics, unsigned count)
{
	static struct list l;

	l.count = 0;
	l.search[0] = '\0';
	for (unsigned i = 0; i < count; i++)
		if (nics[i].index != 0)
			add_nic(&l, &nics[i]);
	for (unsigned i = 0; l.count == 0 && i < c->dns_count; i++)
		out_fmt(o, "nameserver %s\n", c->dns[i]);
	for (unsigned i = 0; l.search[0] == '\0' && i < c->search_count; i++)
		search_add(&l, c->search[i]);
	for (unsigned i = 0; i < l.count; i++)
		out_fmt(o, "nameserver %s\n", l.servers[i]);
	if (l.search[0] != '\0')
		out_fmt(o, "search %s\n", l.search);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Readers see a whole file or the one before, never half of one: each is written beside
 * its place and renamed. What was written is remembered by a sum, so that nothing is
 * written twice.
 */
#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../file.h"
#include "clock.h"
#include "error.h"
#include "log.h"
#include "nic.h"
#include "nics.h"
#include "out.h"
#include "resolv.h"

#define FILE_BYTES 4096
#define PATH_BYTES 160

static const char *root = "/run";
static uint64_t sums[NICS + 1]; /* of what each file has; the last is resolv.conf */

static uint64_t
sum_of(const char *text, size_t n)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	while (n-- > 0)
		h = (h ^ (uint8_t)*text++) * 1099511628211u;
	return h;
}

void
files_open(const char *folder)
{
	static const char *const below[] = {"", "/msmv", "/msmv/net"};
	char path[PATH_BYTES];
	struct out o;

	root = folder;
	for (unsigned i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		out_init(&o, path, sizeof(path));
		out_fmt(&o, "%s%s", root, below[i]);
		mkdir(path, 0755);
	}
}

static void
path_of(struct out *o, const char *name, const char *tail)
{
	if (name[0] == '\0')
		out_fmt(o, "%s/resolv.conf%s", root, tail);
	else
		out_fmt(o, "%s/msmv/net/%s%s", root, name, tail);
}

/* name "": resolv.conf. */
static void
replace(const char *name, const struct out *text, uint64_t *sum)
{
	uint64_t now = sum_of(text->text, text->len);
	char path[PATH_BYTES], beside[PATH_BYTES];
	struct out p, b;
	int error;

	if (now == *sum)
		return;
	out_init(&p, path, sizeof(path));
	path_of(&p, name, "");
	out_init(&b, beside, sizeof(beside));
	path_of(&b, name, ".new");
	/* The folders are root's alone: nobody else has laid a link there. */
	error = file_write(beside, text->text, text->len, 0644) == 0 &&
			rename(beside, path) == 0
			? 0
			: errno;
	if (error)
		net_log(NET_WARN, "%s: %s", path, error_text(error));
	else
		*sum = now;
}

static void
add_end(struct out *o, const char *name, uint64_t end)
{
	out_fmt(o, "%s=", name);
	if (end == TIME_NEVER)
		out_str(o, "never");
	else
		out_num(o, end / 1000);
	out_byte(o, '\n');
}

static void
add_ipv4_lease(struct out *o, const struct nic *n)
{
	const struct dhcp4_lease *l = &n->dhcp4.lease;

	if (!dhcp4_is_bound(&n->dhcp4))
		return;
	out_str(o, "ipv4=");
	out_ipv4(o, l->address);
	out_fmt(o, "/%d\n", l->bits);
	out_str(o, "server4=");
	out_ipv4(o, l->server);
	out_byte(o, '\n');
	add_end(o, "lease4_end", n->dhcp4.expires);
	for (unsigned i = 0; i < l->dns_count; i++) {
		out_str(o, i ? " " : "dns4=");
		out_ipv4(o, l->dns[i]);
	}
	out_str(o, l->dns_count > 0 ? "\n" : "");
	if (l->hostname[0] != '\0')
		out_fmt(o, "hostname=%s\n", l->hostname);
	if (l->domain[0] != '\0' || l->search[0] != '\0')
		out_fmt(o, "search4=%s\n", l->search[0] != '\0' ? l->search : l->domain);
}

/* Where packets for everywhere go: the recipe's gateway, whose metric is the best, or a lease's. */
static void
add_gateway4(struct out *o, const struct nic *n)
{
	uint32_t via = n->plan->gateway;

	for (unsigned i = 0; !via && i < n->route4_count; i++)
		if (n->routes4[i].bits == 0)
			via = n->routes4[i].via;
	if (!via)
		return;
	out_str(o, "gateway4=");
	out_ipv4(o, via);
	out_byte(o, '\n');
}

static void
add_ipv4(struct out *o, const struct nic *n)
{
	for (unsigned i = 0; n->static4 && i < n->plan->address4_count; i++) {
		out_str(o, "ipv4=");
		out_ipv4(o, n->plan->address4[i].address);
		out_fmt(o, "/%d\n", n->plan->address4[i].bits);
	}
	add_ipv4_lease(o, n);
	add_gateway4(o, n);
}

static void
add_ip6(struct out *o, const char *key, const struct ip6 *a)
{
	out_fmt(o, "%s=", key);
	out_ipv6(o, a);
}

static void
add_line6(struct out *o, const char *key, const struct ip6 *a)
{
	add_ip6(o, key, a);
	out_byte(o, '\n');
}

static void
add_addresses6(struct out *o, const struct nic *n)
{
	for (unsigned i = 0; i < n->address6_count; i++) {
		const struct nic_address6 *a = &n->addresses6[i];

		add_ip6(o, "ipv6", &a->address);
		out_fmt(o, "/%d%s\n", a->bits, a->tentative ? " tentative" : "");
	}
	if (nic6_has_gateway(n))
		add_line6(o, "gateway6", &n->plan->gateway6);
	for (unsigned i = 0; i < SLAAC_ROUTERS; i++)
		if (n->slaac.routers[i].used)
			add_line6(o, "gateway6", &n->slaac.routers[i].address);
}

static void
add_dhcp6(struct out *o, const struct nic *n)
{
	const struct dhcp6 *d = &n->dhcp6;
	int there = dhcp6_is_bound(d);

	for (unsigned i = 0; there && i < d->prefixes.ia.count; i++) {
		add_ip6(o, "delegated", &d->prefixes.ia.leases[i].address);
		out_fmt(o, "/%d\n", d->prefixes.ia.leases[i].bits);
	}
	if (there)
		add_end(o, "lease6_end", d->expires);
}

static void
add_dns6(struct out *o, const struct nic *n)
{
	for (unsigned i = 0; i < n->dhcp6.dns_count; i++)
		add_line6(o, "dns6", &n->dhcp6.dns[i]);
	for (unsigned i = 0; i < SLAAC_DNS; i++)
		if (n->slaac.dns[i].used)
			add_line6(o, "dns6", &n->slaac.dns[i].server);
	if (n->dhcp6.search[0] != '\0' || n->slaac.search[0] != '\0')
		out_fmt(o, "search6=%s\n",
			n->dhcp6.search[0] != '\0' ? n->dhcp6.search : n->slaac.search);
}

static void
add_nic(struct out *o, const struct nic *n)
{
	int up = nic_has_ipv4(n) || nic_has_ipv6(n);

	out_fmt(o, "interface=%s\nmac=", n->name);
	out_mac(o, n->mac);
	out_fmt(o, "\nmtu=%u\nmetric=%u\nstate=%s\n", n->mtu, n->metric,
		!n->carrier ? "no-carrier" : up ? "up" : "configuring");
	add_ipv4(o, n);
	add_addresses6(o, n);
	add_dhcp6(o, n);
	add_dns6(o, n);
}

void
files_write(const struct config *c, const struct nic *nics, unsigned count)
{
	static char text[FILE_BYTES];
	struct out o;

	for (unsigned i = 0; i < count; i++) {
		if (nics[i].index == 0)
			continue;
		out_init(&o, text, sizeof(text));
		add_nic(&o, &nics[i]);
		replace(nics[i].name, &o, &sums[i]);
	}
	out_init(&o, text, sizeof(text));
	resolv_make(&o, c, nics, count);
	/* Even if it is empty: one of a helper before this one may be there. */
	replace("", &o, &sums[NICS]);
}

void
files_forget(const struct nic *n, unsigned place)
{
	char path[PATH_BYTES];
	struct out o;

	out_init(&o, path, sizeof(path));
	path_of(&o, n->name, "");
	unlink(path);
	sums[place] = 0;
}

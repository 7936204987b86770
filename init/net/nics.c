/* SPDX-License-Identifier: GPL-3.0-only */
/* A fixed table: an interface keeps its place, and with it its metric, until it goes. */
#include "nics.h"

#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "files.h"
#include "log.h"
#include "nic.h"
#include "sockets.h"

#define METRIC_STEP 100
#define SWEEP_MS 10000 /* in which all that is there has answered */

static struct nic nics[NICS];
static const struct config *config;
static uint64_t sweep_at;

void
nics_init(const struct config *c, uint64_t now)
{
	config = c;
	sweep_at = now + SWEEP_MS;
}

static struct nic *
find(int index)
{
	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index == index)
			return &nics[i];
	return NULL;
}

/* Whether routes of both could be one for the kernel; apart: how far they must be. */
static int
metric_clashes(unsigned metric, unsigned other, unsigned apart)
{
	return other != 0 && metric < other + apart && other < metric + apart;
}

/*
 * The recipe's, or by the place: but no other interface's, or the kernel would take the
 * one's routes for the other's. One that is given is changed only if several have it.
 */
static unsigned
metric_choose(const struct plan *plan, unsigned place)
{
	unsigned metric = plan->metric ? plan->metric : METRIC_STEP * (place + 1), before;
	unsigned apart = plan->metric ? 1 : NIC_METRICS;

	do {
		before = metric;
		for (unsigned i = 0; !plan->metric && i < config->plan_count; i++)
			if (metric_clashes(metric, config->plans[i].metric, apart))
				metric += NIC_METRICS;
		for (unsigned i = 0; i < NICS; i++)
			if (nics[i].index != 0 && metric_clashes(metric, nics[i].metric, apart))
				metric += NIC_METRICS;
	} while (metric != before);
	return metric;
}

static struct nic *
take_over(const struct kernel_link *l)
{
	const struct plan *plan = config_plan(config, l);
	struct nic *n = plan ? find(0) : NULL;

	if (plan && !n)
		net_log(NET_WARN, "%s: more interfaces than there is room for", l->name);
	if (n) {
		nic_open(n, l, plan, metric_choose(plan, (unsigned)(n - nics)));
		n->lease_hostname = config->lease_hostname != 0;
	}
	return n;
}

static void
forget(struct nic *n)
{
	files_forget(n, (unsigned)(n - nics));
	nic_close(n);
}

void
nics_list_begin(void)
{
	for (unsigned i = 0; i < NICS; i++) {
		nics[i].listed = 0;
		nics[i].address6_count = 0;
		nics[i].link_local = (struct ip6){{0}};
	}
}

void
nics_list_end(void)
{
	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index != 0 && !nics[i].listed)
			forget(&nics[i]);
}

void
nics_link(const struct kernel_link *l, uint64_t now)
{
	struct nic *n = find(l->index);

	if (l->gone) {
		if (n)
			forget(n);
		return;
	}
	if (l->loopback && !l->up)
		kernel_link_up(l->index);
	if (!n)
		n = take_over(l);
	else if (strcmp(n->name, l->name) != 0)
		files_forget(n, (unsigned)(n - nics));
	if (n) {
		n->listed = 1;
		nic_link(n, l, now);
	}
}

void
nics_address(const struct kernel_address *a, uint64_t now)
{
	struct nic *n = find(a->index);

	if (n)
		nic_address(n, a, now);
}

unsigned
nics_poll(struct pollfd *fds)
{
	unsigned count = 0;

	for (unsigned i = 0; i < NICS; i++) {
		const struct nic *n = &nics[i];
		const int sockets[NIC_SOCKETS] = {n->dhcp4_fd, n->arp_fd, n->icmp6_fd, n->dhcp6_fd};

		for (unsigned k = 0; n->index != 0 && k < NIC_SOCKETS; k++)
			if (sockets[k] >= 0)
				fds[count++] = (struct pollfd){.fd = sockets[k], .events = POLLIN};
	}
	return count;
}

static int
has_socket(const struct nic *n, int fd)
{
	return n->index != 0 && (fd == n->dhcp4_fd || fd == n->arp_fd || fd == n->icmp6_fd ||
					fd == n->dhcp6_fd);
}

/* What a socket brings may close another one of them: each is looked up when its turn is. */
void
nics_readable(const struct pollfd *fds, unsigned count, uint64_t now)
{
	static struct packet packet;

	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; fds[i].revents && k < NICS; k++)
			if (has_socket(&nics[k], fds[i].fd))
				nic_readable(&nics[k], fds[i].fd, &packet, now);
}

void
nics_timeout(uint64_t now)
{
	for (unsigned i = 0; i < NICS; i++) {
		if (nics[i].index == 0)
			continue;
		nic_timeout(&nics[i], now);
		if (now >= sweep_at)
			nic_sweep(&nics[i], AF_UNSPEC);
	}
	if (now >= sweep_at)
		sweep_at = TIME_NEVER;
}

void
nics_release(uint64_t now)
{
	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index != 0)
			nic_release(&nics[i], now);
}

uint64_t
nics_deadline(void)
{
	uint64_t first = sweep_at;

	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index != 0)
			first = time_first(first, nic_deadline(&nics[i]));
	return first;
}

/* The condition itself, of what was counted. */
static int
is_ready(unsigned awaited, unsigned done, unsigned ipv4, unsigned ipv6)
{
	switch ((enum wait_for)config->wait_for) {
	case WAIT_IPV4:
		return ipv4 > 0;
	case WAIT_IPV6:
		return ipv6 > 0;
	case WAIT_EACH:
		return awaited > 0 && done == awaited;
	case WAIT_NONE:
		return 1;
	case WAIT_ANY:
		break;
	}
	return ipv4 + ipv6 > 0;
}

int
nics_ready(uint64_t since)
{
	unsigned count = 0, awaited = 0, done = 0, ipv4 = 0, ipv6 = 0, carriers = 0;
	int settled = since >= SETTLE_MS;

	for (unsigned i = 0; i < NICS; i++) {
		const struct nic *n = &nics[i];
		int has4 = nic_has_ipv4(n), has6 = nic_has_ipv6(n);

		if (n->index == 0)
			continue;
		/* These need no carrier: the kernel has refused one. */
		if (n->plan->address4_count > 0 && !n->static4 && config->wait_for != WAIT_NONE)
			return 0;
		count++;
		carriers += n->carrier != 0;
		ipv4 += has4 != 0;
		ipv6 += has6 != 0;
		/* At the very start carriers are still on their way. */
		awaited += n->carrier || !settled;
		done += (n->carrier || !settled) && (has4 || has6);
	}
	/* Nothing that could be waited for. */
	if (count == 0 && settled)
		return 1;
	if (is_ready(awaited, done, ipv4, ipv6))
		return 1;
	return carriers == 0 && since >= CARRIER_MS ? -1 : 0;
}

void
nics_files(void)
{
	files_write(config, nics, NICS);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* A fixed table: an interface keeps its place, and with it its metric, until it goes. */
#include "nics.h"

#include <string.h>

#include "clock.h"
#include "files.h"
#include "log.h"
#include "nic.h"
#include "sockets.h"

static struct nic nics[NICS];
static const struct config *config;

void
nics_init(const struct config *c)
{
	config = c;
}

static struct nic *
find(int index)
{
	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index == index)
			return &nics[i];
	return NULL;
}

static struct nic *
take_over(const struct kernel_link *l)
{
	const struct plan *plan = config_plan(config, l);
	struct nic *n = plan ? find(0) : NULL;

	if (plan && !n)
		net_log(NET_WARN, "%s: more interfaces than there is room for", l->name);
	if (n) {
		nic_open(n, l, plan, (unsigned)(n - nics));
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
	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index != 0)
			nic_timeout(&nics[i], now);
}

uint64_t
nics_deadline(void)
{
	uint64_t first = TIME_NEVER;

	for (unsigned i = 0; i < NICS; i++)
		if (nics[i].index != 0)
			first = time_first(first, nic_deadline(&nics[i]));
	return first;
}

int
nics_ready(int settled)
{
	unsigned count = 0, awaited = 0, done = 0, ipv4 = 0, ipv6 = 0;

	for (unsigned i = 0; i < NICS; i++) {
		const struct nic *n = &nics[i];
		int has4 = nic_has_ipv4(n), has6 = nic_has_ipv6(n);

		if (n->index == 0)
			continue;
		/* These need no carrier: the kernel has refused one. */
		if (n->plan->address4_count > 0 && !n->static4 && config->wait_for != WAIT_NONE)
			return 0;
		count++;
		ipv4 += has4 != 0;
		ipv6 += has6 != 0;
		/* At the very start carriers are still on their way. */
		awaited += n->carrier || !settled;
		done += (n->carrier || !settled) && (has4 || has6);
	}
	/* Nothing that could be waited for. */
	if (count == 0 && settled)
		return 1;
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

void
nics_files(void)
{
	files_write(config, nics, NICS);
}

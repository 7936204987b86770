/* SPDX-License-Identifier: GPL-3.0-only */
/* Interfaces and addresses that there are, and how they change: the kernel is asked once,
 * then it tells. */
#include "kernel.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

#define CHANGES_AT_ONCE 64

static void
visit_link(const uint8_t *body, size_t size, int gone, const struct kernel_visitor *v)
{
	struct rt_link head;
	struct kernel_link l = {.gone = gone};
	const uint8_t *more = body + sizeof(head);
	const uint8_t *value;
	size_t n = 0;

	if (size < sizeof(head))
		return;
	memcpy(&head, body, sizeof(head));
	/* Bridges tell of their ports in messages that look the same. */
	if (head.family != AF_UNSPEC)
		return;
	size -= sizeof(head);
	l.index = head.index;
	l.ethernet = head.type == ARPHRD_ETHER;
	l.loopback = (head.flags & IFF_LOOPBACK) != 0;
	l.up = (head.flags & IFF_UP) != 0;
	l.carrier = l.up && (head.flags & IFF_RUNNING) != 0;
	value = attribute(more, size, LINK_NAME, &n);
	if (!value || n == 0 || n > sizeof(l.name))
		return;
	memcpy(l.name, value, n);
	l.name[sizeof(l.name) - 1] = '\0';
	attribute_copy(more, size, LINK_MAC, l.mac, sizeof(l.mac));
	attribute_copy(more, size, LINK_MTU, &l.mtu, sizeof(l.mtu));
	value = attribute(more, size, LINK_INFO, &n);
	l.hardware = !value || !attribute(value, n, LINK_INFO_KIND, &n);
	v->link(v->arg, &l);
}

static void
visit_address(const uint8_t *body, size_t size, int gone, const struct kernel_visitor *v)
{
	struct rt_address head;
	struct kernel_address a = {.gone = gone, .valid_s = UINT32_MAX};
	struct rt_times times;
	uint32_t flags;

	if (size < sizeof(head))
		return;
	memcpy(&head, body, sizeof(head));
	body += sizeof(head);
	size -= sizeof(head);
	if (head.family != AF_INET6 ||
		attribute_copy(body, size, ADDRESS_ADDRESS, a.address.byte, 16) != 0)
		return;
	flags = head.flags;
	attribute_copy(body, size, ADDRESS_FLAGS, &flags, sizeof(flags));
	if (attribute_copy(body, size, ADDRESS_TIMES, &times, sizeof(times)) == 0)
		a.valid_s = times.valid;
	a.index = (int)head.index;
	a.bits = head.bits;
	a.tentative = (flags & ADDRESS_IS_TENTATIVE) != 0;
	a.duplicate = (flags & ADDRESS_IS_DUPLICATE) != 0;
	v->address(v->arg, &a);
}

static void
visit(void *arg, unsigned type, const uint8_t *body, size_t size)
{
	const struct kernel_visitor *v = arg;

	if (type == RTM_NEWLINK || type == RTM_DELLINK)
		visit_link(body, size, type == RTM_DELLINK, v);
	else if (type == RTM_NEWADDR || type == RTM_DELADDR)
		visit_address(body, size, type == RTM_DELADDR, v);
}

/* Visitors make requests of their own, so a list has its own socket. */
int
kernel_list_all(unsigned type, int family, netlink_visit *visit_one, void *arg)
{
	static uint8_t answer[NETLINK_BYTES];
	/* The heads of addresses and routes begin with their family, too. */
	struct rt_link head = {.family = (uint8_t)family};
	int fd = netlink_open(0), error = errno;
	struct request r;

	if (fd < 0)
		return error;
	request_init(&r, type, NL_DUMP, &head, sizeof(head));
	error = netlink_ask(fd, &r, visit_one, arg, answer);
	close(fd);
	return error;
}

int
kernel_list(const struct kernel_visitor *v)
{
	struct kernel_visitor mine = *v;
	int error = kernel_list_all(RTM_GETLINK, AF_UNSPEC, visit, &mine);

	return error ? error : kernel_list_all(RTM_GETADDR, AF_INET6, visit, &mine);
}

int
kernel_changes(int events, const struct kernel_visitor *v)
{
	static uint8_t change[NETLINK_BYTES];
	struct kernel_visitor mine = *v;
	int error;

	/* Whoever makes and removes interfaces without end must not keep this program busy. */
	for (unsigned i = 0; i < CHANGES_AT_ONCE; i++) {
		ssize_t n = recv(events, change, sizeof(change), 0);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : errno;
		netlink_read(change, (size_t)n, visit, &mine, &error);
	}
	return 0;
}

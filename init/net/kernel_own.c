/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What this program makes is marked: addresses by a number of its own, routes by where
 * they came from. So one that is started after a crash finds what the one before has left,
 * and what nobody gives any more does not stay for ever.
 */
#include "kernel.h"

#include <string.h>
#include <sys/socket.h>

#include "netlink.h"

struct sweep {
	int (*keep)(void *arg, const struct kernel_own *);
	void *arg;
};

/* Whether the message is about something that is marked as own. */
static int
own_address(struct kernel_own *o, const uint8_t *body, size_t size)
{
	struct rt_address head;
	uint8_t made_by = 0;

	if (size < sizeof(head))
		return 0;
	memcpy(&head, body, sizeof(head));
	o->family = head.family;
	o->index = (int)head.index;
	o->bits = head.bits;
	body += sizeof(head);
	size -= sizeof(head);
	attribute_copy(body, size, ADDRESS_MADE_BY, &made_by, 1);
	return made_by == FROM_MSMV &&
	       attribute_copy(body, size, ADDRESS_ADDRESS, &o->to,
		       o->family == AF_INET ? 4 : sizeof(o->to)) == 0;
}

static int
own_route(struct kernel_own *o, const uint8_t *body, size_t size)
{
	struct rt_route head;
	size_t bytes;

	if (size < sizeof(head))
		return 0;
	memcpy(&head, body, sizeof(head));
	o->is_route = 1;
	o->family = head.family;
	o->bits = head.to_bits;
	bytes = o->family == AF_INET ? 4 : sizeof(o->to);
	body += sizeof(head);
	size -= sizeof(head);
	attribute_copy(body, size, ROUTE_TO, &o->to, bytes);
	attribute_copy(body, size, ROUTE_VIA, &o->via, bytes);
	attribute_copy(body, size, ROUTE_METRIC, &o->metric, sizeof(o->metric));
	return head.table == TABLE_MAIN &&
	       (head.protocol == FROM_DHCP || head.protocol == FROM_RA) &&
	       attribute_copy(body, size, ROUTE_DEVICE, &o->index, sizeof(o->index)) == 0;
}

/* What the kernel says of a thing is what it takes to remove it. */
static void
visit(void *arg, unsigned type, const uint8_t *body, size_t size)
{
	const struct sweep *s = arg;
	struct kernel_own o = {0};
	struct request r;
	int own = type == RTM_NEWADDR    ? own_address(&o, body, size)
		  : type == RTM_NEWROUTE ? own_route(&o, body, size)
					 : 0;

	if (!own || size > sizeof(r.body) || s->keep(s->arg, &o))
		return;
	request_init(&r, type == RTM_NEWADDR ? RTM_DELADDR : RTM_DELROUTE, NL_ACK, body, size);
	kernel_ask(&r);
}

/* Routes first: with an address go those that were made for it. */
int
kernel_sweep(int family, int (*keep)(void *arg, const struct kernel_own *), void *arg)
{
	struct sweep s = {keep, arg};
	int error = kernel_list_all(RTM_GETROUTE, family, visit, &s);

	return error ? error : kernel_list_all(RTM_GETADDR, family, visit, &s);
}

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Netlink and not ioctl: it knows lifetimes, metrics and IPv6, and the kernel then takes
 * addresses and routes away at their end even if nobody is there any more to do it.
 */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "out.h"
#include "rtnl.h"

#define ANSWER_BYTES 16384 /* of one datagram; the kernel makes none that is longer */

static int requests = -1;
static uint32_t sequence;

/* A request under construction. */
struct request {
	struct nl_head head;
	uint8_t body[256];
};

static void
request_init(struct request *r, unsigned type, unsigned flags, const void *body, size_t size)
{
	memset(r, 0, sizeof(*r));
	r->head.type = (uint16_t)type;
	r->head.flags = (uint16_t)(NL_REQUEST | flags);
	r->head.sequence = ++sequence;
	r->head.size = (uint32_t)(sizeof(r->head) + size);
	memcpy(r->body, body, size);
}

/* The bodies here are at most half of the room. */
static void
request_add(struct request *r, unsigned type, const void *value, size_t size)
{
	struct rt_attribute a = {(uint16_t)(sizeof(a) + size), (uint16_t)type};
	uint8_t *at = r->body + (r->head.size - sizeof(r->head));

	memcpy(at, &a, sizeof(a));
	memcpy(at + sizeof(a), value, size);
	r->head.size += (uint32_t)(sizeof(a) + ((size + 3) & ~(size_t)3));
}

static void
request_number(struct request *r, unsigned type, uint32_t value)
{
	request_add(r, type, &value, sizeof(value));
}

static void
request_ipv4(struct request *r, unsigned type, uint32_t address)
{
	uint8_t bytes[4];

	put32(bytes, address);
	request_add(r, type, bytes, sizeof(bytes));
}

static int
open_socket(uint32_t groups)
{
	struct nl_address at = {.family = AF_NETLINK, .groups = groups};
	int type = SOCK_RAW | SOCK_CLOEXEC | (groups ? SOCK_NONBLOCK : 0);
	int fd = socket(AF_NETLINK, type, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int
kernel_open(int *events)
{
	*events = open_socket(RTNL_GROUP_LINK | RTNL_GROUP_ADDRESS6);
	requests = open_socket(0);
	return *events < 0 || requests < 0 ? errno : 0;
}

/* The value of an attribute; NULL: it is not there. */
static const void *
attribute(const uint8_t *at, size_t size, unsigned type, size_t *bytes)
{
	struct rt_attribute a;

	while (size >= sizeof(a)) {
		size_t whole;

		memcpy(&a, at, sizeof(a));
		whole = ((size_t)a.size + 3) & ~(size_t)3;
		if (a.size < sizeof(a) || a.size > size)
			return NULL;
		if ((a.type & 0x3fff) == type) {
			*bytes = a.size - sizeof(a);
			return at + sizeof(a);
		}
		at += whole < size ? whole : size;
		size -= whole < size ? whole : size;
	}
	return NULL;
}

/* Copies an attribute of that size at least. */
static int
attribute_copy(const uint8_t *at, size_t size, unsigned type, void *to, size_t room)
{
	size_t n = 0;
	const void *value = attribute(at, size, type, &n);

	if (!value || n < room)
		return -1;
	memcpy(to, value, room);
	return 0;
}

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

/* One datagram of the kernel's; 1: a dump or an answer ends in it, with *error. */
static int
visit(const uint8_t *data, size_t size, const struct kernel_visitor *v, int *error)
{
	struct nl_head h;
	struct nl_failure f = {0};

	while (size >= sizeof(h)) {
		const uint8_t *body = data + sizeof(h);
		size_t whole;

		memcpy(&h, data, sizeof(h));
		if (h.size < sizeof(h) || h.size > size)
			break;
		if (h.type == NL_DONE || h.type == NL_ERROR) {
			if (h.type == NL_ERROR && h.size >= sizeof(h) + sizeof(f))
				memcpy(&f, body, sizeof(f));
			*error = -f.error;
			return 1;
		}
		if (v && (h.type == RTM_NEWLINK || h.type == RTM_DELLINK))
			visit_link(body, h.size - sizeof(h), h.type == RTM_DELLINK, v);
		if (v && (h.type == RTM_NEWADDR || h.type == RTM_DELADDR))
			visit_address(body, h.size - sizeof(h), h.type == RTM_DELADDR, v);
		whole = ((size_t)h.size + 3) & ~(size_t)3;
		if (whole >= size)
			break;
		data += whole;
		size -= whole;
	}
	return 0;
}

/* Sends a request and reads until it is answered: the kernel does that at once. */
static int
ask_on(int fd, const struct request *r, const struct kernel_visitor *v, uint8_t *answer)
{
	int error = 0;

	if (send(fd, r, r->head.size, 0) < 0)
		return errno;
	for (;;) {
		ssize_t n = recv(fd, answer, ANSWER_BYTES, 0);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0 && visit(answer, (size_t)n, v, &error))
			return error;
	}
}

static int
ask(const struct request *r)
{
	static uint8_t answer[ANSWER_BYTES];

	return ask_on(requests, r, NULL, answer);
}

static int
list(int fd, const struct kernel_visitor *v)
{
	static uint8_t answer[ANSWER_BYTES];
	struct rt_link link = {0};
	struct rt_address address = {.family = AF_INET6};
	struct request r;
	int error;

	request_init(&r, RTM_GETLINK, NL_DUMP, &link, sizeof(link));
	error = ask_on(fd, &r, v, answer);
	if (error)
		return error;
	request_init(&r, RTM_GETADDR, NL_DUMP, &address, sizeof(address));
	return ask_on(fd, &r, v, answer);
}

/* Visitors make requests of their own, so a list has its own socket. */
int
kernel_list(const struct kernel_visitor *v)
{
	int fd = open_socket(0), error = fd < 0 ? errno : list(fd, v);

	if (fd >= 0)
		close(fd);
	return error;
}

int
kernel_changes(int events, const struct kernel_visitor *v)
{
	static uint8_t change[ANSWER_BYTES];
	int error;

	for (;;) {
		ssize_t n = recv(events, change, sizeof(change), 0);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : errno;
		visit(change, (size_t)n, v, &error);
	}
}

int
kernel_link_up(int index, uint32_t mtu)
{
	struct rt_link link = {.index = index, .flags = IFF_UP, .change = IFF_UP};
	struct request r;

	request_init(&r, RTM_NEWLINK, NL_ACK, &link, sizeof(link));
	if (mtu)
		request_number(&r, LINK_MTU, mtu);
	return ask(&r);
}

static void
address4(struct request *r, unsigned type, unsigned flags, int index, uint32_t address, int bits)
{
	struct rt_address head = {.family = AF_INET, .bits = (uint8_t)bits, .index = (uint32_t)index};

	request_init(r, type, NL_ACK | flags, &head, sizeof(head));
	request_ipv4(r, ADDRESS_LOCAL, address);
	request_ipv4(r, ADDRESS_ADDRESS, address);
}

int
kernel_address4_add(int index, uint32_t address, int bits, uint32_t valid_s, uint32_t metric)
{
	struct rt_times times = {.preferred = valid_s, .valid = valid_s};
	struct request r;

	address4(&r, RTM_NEWADDR, NL_CREATE | NL_REPLACE, index, address, bits);
	if (bits < 31)
		request_ipv4(&r, ADDRESS_BROADCAST, address | ~ipv4_mask(bits));
	request_add(&r, ADDRESS_TIMES, &times, sizeof(times));
	request_number(&r, ADDRESS_METRIC, metric);
	return ask(&r);
}

int
kernel_address4_remove(int index, uint32_t address, int bits)
{
	struct request r;

	address4(&r, RTM_DELADDR, 0, index, address, bits);
	return ask(&r);
}

static void
address6(struct request *r, unsigned type, unsigned flags, int index, const struct ip6 *a, int bits)
{
	struct rt_address head = {.family = AF_INET6, .bits = (uint8_t)bits, .index = (uint32_t)index};

	request_init(r, type, NL_ACK | flags, &head, sizeof(head));
	request_add(r, ADDRESS_LOCAL, a->byte, sizeof(a->byte));
}

int
kernel_address6_add(int index, const struct ip6 *a, int bits, uint32_t preferred_s,
	uint32_t valid_s, int with_route)
{
	struct rt_times times = {.preferred = preferred_s, .valid = valid_s};
	struct request r;

	address6(&r, RTM_NEWADDR, NL_CREATE | NL_REPLACE, index, a, bits);
	request_add(&r, ADDRESS_TIMES, &times, sizeof(times));
	if (!with_route)
		request_number(&r, ADDRESS_FLAGS, ADDRESS_NO_ROUTE);
	return ask(&r);
}

int
kernel_address6_remove(int index, const struct ip6 *a, int bits)
{
	struct request r;

	address6(&r, RTM_DELADDR, 0, index, a, bits);
	return ask(&r);
}

static int
route4(unsigned type, unsigned flags, int index, const struct kernel_route4 *t)
{
	struct rt_route head = {.family = AF_INET,
		.to_bits = (uint8_t)t->bits,
		.table = TABLE_MAIN,
		.protocol = (uint8_t)t->protocol,
		.scope = t->via ? SCOPE_ALL : SCOPE_LINK,
		.type = TYPE_UNICAST,
		.flags = t->onlink && t->via ? ROUTE_ONLINK : 0};
	struct request r;

	request_init(&r, type, NL_ACK | flags, &head, sizeof(head));
	request_ipv4(&r, ROUTE_TO, t->to);
	request_number(&r, ROUTE_DEVICE, (uint32_t)index);
	if (t->via)
		request_ipv4(&r, ROUTE_VIA, t->via);
	if (t->source)
		request_ipv4(&r, ROUTE_SOURCE, t->source);
	request_number(&r, ROUTE_METRIC, t->metric);
	return ask(&r);
}

int
kernel_route4_add(int index, const struct kernel_route4 *t)
{
	return route4(RTM_NEWROUTE, NL_CREATE | NL_REPLACE, index, t);
}

int
kernel_route4_remove(int index, const struct kernel_route4 *t)
{
	return route4(RTM_DELROUTE, 0, index, t);
}

static int
route6(unsigned type, unsigned flags, int index, const struct kernel_route6 *t)
{
	struct rt_route head = {.family = AF_INET6,
		.to_bits = (uint8_t)t->bits,
		.table = TABLE_MAIN,
		.protocol = (uint8_t)t->protocol,
		.type = TYPE_UNICAST};
	struct request r;

	request_init(&r, type, NL_ACK | flags, &head, sizeof(head));
	if (t->to)
		request_add(&r, ROUTE_TO, t->to->byte, sizeof(t->to->byte));
	request_number(&r, ROUTE_DEVICE, (uint32_t)index);
	if (t->via)
		request_add(&r, ROUTE_VIA, t->via->byte, sizeof(t->via->byte));
	request_number(&r, ROUTE_METRIC, t->metric);
	if (t->lifetime_s != UINT32_MAX)
		request_number(&r, ROUTE_EXPIRES, t->lifetime_s);
	return ask(&r);
}

int
kernel_route6_add(int index, const struct kernel_route6 *t)
{
	return route6(RTM_NEWROUTE, NL_CREATE | NL_REPLACE, index, t);
}

int
kernel_route6_remove(int index, const struct kernel_route6 *t)
{
	return route6(RTM_DELROUTE, 0, index, t);
}

int
kernel_ipv6_set(const char *name, const char *key, uint32_t value)
{
	char path[96], text[12];
	struct out p, t;
	ssize_t n;
	int fd;

	out_init(&p, path, sizeof(path));
	out_fmt(&p, "/proc/sys/net/ipv6/conf/%s/%s", name, key);
	out_init(&t, text, sizeof(text));
	out_num(&t, value);
	fd = p.cut ? -1 : open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return p.cut ? ENAMETOOLONG : errno;
	n = write(fd, t.text, t.len);
	close(fd);
	return n == (ssize_t)t.len ? 0 : EIO;
}

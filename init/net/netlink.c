/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Netlink and not ioctl: it knows lifetimes, metrics and IPv6, and the kernel then takes
 * addresses and routes away at their end even if nobody is there any more to do it.
 */
#include "netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"

static uint32_t sequence;

int
netlink_open(uint32_t groups)
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

void
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
void
request_add(struct request *r, unsigned type, const void *value, size_t size)
{
	struct rt_attribute a = {(uint16_t)(sizeof(a) + size), (uint16_t)type};
	uint8_t *at = r->body + (r->head.size - sizeof(r->head));

	memcpy(at, &a, sizeof(a));
	memcpy(at + sizeof(a), value, size);
	r->head.size += (uint32_t)(sizeof(a) + ((size + 3) & ~(size_t)3));
}

void
request_number(struct request *r, unsigned type, uint32_t value)
{
	request_add(r, type, &value, sizeof(value));
}

void
request_ipv4(struct request *r, unsigned type, uint32_t address)
{
	uint8_t bytes[4];

	put32(bytes, address);
	request_add(r, type, bytes, sizeof(bytes));
}

/* The value of an attribute; NULL: it is not there. */
const void *
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
int
attribute_copy(const uint8_t *at, size_t size, unsigned type, void *to, size_t room)
{
	size_t n = 0;
	const void *value = attribute(at, size, type, &n);

	if (!value || n < room)
		return -1;
	memcpy(to, value, room);
	return 0;
}

int
netlink_read(const uint8_t *data, size_t size, netlink_visit *visit, void *arg, int *error)
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
		if (visit)
			visit(arg, h.type, body, h.size - sizeof(h));
		whole = ((size_t)h.size + 3) & ~(size_t)3;
		if (whole >= size)
			break;
		data += whole;
		size -= whole;
	}
	return 0;
}

int
netlink_ask(int fd, const struct request *r, netlink_visit *visit, void *arg, uint8_t *answer)
{
	int error = 0;

	if (send(fd, r, r->head.size, 0) < 0)
		return errno;
	for (;;) {
		ssize_t n = recv(fd, answer, NETLINK_BYTES, 0);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0 && netlink_read(answer, (size_t)n, visit, arg, &error))
			return error;
	}
}

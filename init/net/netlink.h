/* SPDX-License-Identifier: GPL-3.0-only */
/* Requests to the kernel over NETLINK_ROUTE, and what it sends. */
#ifndef NET_NETLINK_H
#define NET_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include "rtnl.h"

#define NETLINK_BYTES 16384 /* of one datagram; the kernel makes none that is longer */

/* A request under construction. */
struct request {
	struct nl_head head;
	uint8_t body[256];
};

/* Gets each message: its type, and what follows its head. */
typedef void netlink_visit(void *arg, unsigned type, const uint8_t *body, size_t size);

/* A socket for requests, or with groups one that gets changes and does not block. */
int netlink_open(uint32_t groups);

void request_init(struct request *, unsigned type, unsigned flags, const void *body, size_t size);
/* Attributes: a request has room for all that are used here. */
void request_add(struct request *, unsigned type, const void *value, size_t size);
void request_number(struct request *, unsigned type, uint32_t value);
void request_ipv4(struct request *, unsigned type, uint32_t address);

/*
 * Sends a request and reads until it is answered, which the kernel does at once; 0 or an
 * errno value. answer has NETLINK_BYTES; visit may be NULL.
 */
int netlink_ask(int fd, const struct request *, netlink_visit *visit, void *arg, uint8_t *answer);
/* Visits the messages of a datagram; 1: the last one of an answer was there, with *error. */
int netlink_read(const uint8_t *data, size_t size, netlink_visit *visit, void *arg, int *error);

/* Visits all things of a kind (RTM_GETLINK) and a family. */
int kernel_list_all(unsigned type, int family, netlink_visit *, void *arg);

/* The value of an attribute, NULL if there is none; and whether it was copied (0 or -1). */
const void *attribute(const uint8_t *at, size_t size, unsigned type, size_t *bytes);
int attribute_copy(const uint8_t *at, size_t size, unsigned type, void *to, size_t room);

#endif

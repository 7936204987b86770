/* SPDX-License-Identifier: GPL-3.0-only */
/* A frame of a DHCPv4 server, and what it carries: a lease that makes sense, or a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/dhcp4_message.h"
#include "../../init/net/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
is_name(const char *text, size_t room)
{
	if (memchr(text, '\0', room) == NULL || strpbrk(text, "\n\r\t#;/") != NULL)
		abort();
}

static void
look(const struct dhcp4_lease *l)
{
	if (!ipv4_is_host(l->address) || l->bits < 1 || l->bits > 32 || l->lease_s == 0)
		abort();
	if (l->t1_s == 0 || l->t1_s > l->t2_s || l->t2_s > l->lease_s)
		abort();
	if (l->dns_count > DHCP4_DNS || l->route_count > DHCP4_ROUTES)
		abort();
	for (unsigned i = 0; i < l->route_count; i++)
		if (l->routes[i].bits > 32 || l->routes[i].to & ~ipv4_mask(l->routes[i].bits))
			abort();
	is_name(l->hostname, sizeof(l->hostname));
	is_name(l->domain, sizeof(l->domain));
	is_name(l->search, sizeof(l->search));
}

static void
message(const uint8_t *data, size_t size)
{
	static const uint8_t mac[MAC_BYTES] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	struct dhcp4_reply r;

	if (!dhcp4_parse(&r, data, size, mac) && r.type != DHCP4_NAK)
		look(&r.lease);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t payload = 0;
	const uint8_t *inner = frame_open(data, size, 1, &payload);

	if (inner && (inner < data || payload > size - (size_t)(inner - data)))
		abort();
	message(inner ? inner : data, inner ? payload : size);
	return 0;
}

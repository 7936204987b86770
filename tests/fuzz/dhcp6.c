/* SPDX-License-Identifier: GPL-3.0-only */
/* A message of a DHCPv6 server: leases that a machine can have, or a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/dhcp6_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct dhcp6_ia *ia)
{
	if (ia->count > DHCP6_LEASES)
		abort();
	for (unsigned i = 0; i < ia->count; i++) {
		const struct dhcp6_lease *l = &ia->leases[i];

		if (l->bits < 1 || l->bits > 128 || l->preferred_s > l->valid_s ||
			!ipv6_is_host(&l->address))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[MAC_BYTES] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	struct dhcp6_reply r;

	if (dhcp6_parse(&r, data, size, mac))
		return 0;
	look(&r.addresses);
	look(&r.prefixes);
	if (r.server_bytes == 0 || r.server_bytes > DHCP6_DUID || r.dns_count > DHCP6_DNS ||
		memchr(r.search, '\0', sizeof(r.search)) == NULL || strpbrk(r.search, "\n\r#;/"))
		abort();
	return 0;
}

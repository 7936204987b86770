/* SPDX-License-Identifier: GPL-3.0-only */
/* A router advertisement: prefixes that can be one, or a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/ra.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip6 router = {{0xfe, 0x80, [15] = 1}};
	struct ra ra;

	if (ra_parse(&ra, data, size, 255, &router))
		return 0;
	if (ra.prefix_count > RA_PREFIXES || ra.dns_count > RA_DNS ||
		memchr(ra.search, '\0', sizeof(ra.search)) == NULL ||
		strpbrk(ra.search, "\n\r#;/") || (ra.mtu && ra.mtu < 1280))
		abort();
	for (unsigned i = 0; i < ra.prefix_count; i++) {
		struct ip6 masked = ra.prefixes[i].prefix;

		ipv6_mask(&masked, ra.prefixes[i].bits);
		if (!ipv6_equal(&masked, &ra.prefixes[i].prefix) || !ipv6_is_host(&masked) ||
			ra.prefixes[i].preferred_s > ra.prefixes[i].valid_s)
			abort();
	}
	return 0;
}

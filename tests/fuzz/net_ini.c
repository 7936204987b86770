/* SPDX-License-Identifier: GPL-3.0-only */
/* net.ini as an attacker would write it: refused with a reason, or read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/net/config.h"
#include "../../init/net/out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read must lie in memory that is ours: reading it all shows it. */
static size_t
touch(const struct config *c)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->dns_count; i++)
		n += strlen(c->dns[i]);
	for (unsigned i = 0; i < c->search_count; i++)
		n += strlen(c->search[i]);
	for (unsigned i = 0; i < c->plan_count; i++)
		n += strlen(c->plans[i].name) + c->plans[i].address4_count;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	char reason[256];
	struct out why;
	char *text;

	if (size > CONFIG_BYTES)
		return 0;
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	out_init(&why, reason, sizeof(reason));
	if (config_parse(&config, text, size, "net.ini", &why) == 0) {
		if (touch(&config) > size)
			abort();
	} else if (why.len == 0) {
		abort();
	}
	free(text);
	return 0;
}

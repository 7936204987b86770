/* SPDX-License-Identifier: GPL-3.0-only */
/* init.ini as an attacker would write it: refused with a reason, or read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/config.h"
#include "../../init/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read must lie in memory that is ours: reading it all shows it. */
static size_t
touch(const struct config *c)
{
	size_t n = c->hostname ? strlen(c->hostname) : 0;

	for (unsigned i = 0; i < c->app_count; i++) {
		for (char **w = c->apps[i].argv; *w; w++)
			n += strlen(*w);
		for (char **w = c->apps[i].env; *w; w++)
			n += strlen(*w);
	}
	for (char **w = c->net.dns; w && *w; w++)
		n += strlen(*w);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char term[] = "TERM=x";
	static struct config config;
	struct line why;
	char *text;

	if (size > CONFIG_BYTES)
		return 0;
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	line_clear(&why);
	config_init(&config, term);
	if (config_parse(&config, text, size, "init.ini", &why) == 0) {
		/* All words together are no longer than the text and the defaults. */
		if (touch(&config) > size * (CONFIG_APPS + 1) + CONFIG_APPS * 200)
			abort();
	} else if (why.len == 0) {
		abort();
	}
	free(text);
	return 0;
}

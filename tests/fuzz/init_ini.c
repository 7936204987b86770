/* SPDX-License-Identifier: GPL-3.0-only */
/* init.ini as an attacker would write it: refused with a reason, or read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/config.h"
#include "../../init/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
words(char **list)
{
	size_t n = 0;

	for (; list && *list; list++)
		n += strlen(*list);
	return n;
}

/* What was read must lie in memory that is ours: reading it all shows it. */
static size_t
touch(const struct config *c)
{
	size_t n = c->hostname ? strlen(c->hostname) : 0;

	for (unsigned i = 0; i < c->app_count; i++) {
		n += words(c->apps[i].argv) + words(c->apps[i].env) + words(c->apps[i].after);
		n += c->apps[i].ready_text ? strlen(c->apps[i].ready_text) : 0;
		if (c->apps[i].needs >> c->app_count)
			abort();
	}
	n += words(c->net.dns) + words(c->sysctl);
	for (unsigned i = 0; i < c->volume_count; i++) {
		const struct volume *v = &c->volumes[i];

		n += strlen(v->path) + strlen(v->type) + strlen(v->source);
		n += words(v->options) + words(v->mkfs);
	}
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
	config = (struct config){0};
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

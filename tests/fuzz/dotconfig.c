/* SPDX-License-Identifier: GPL-3.0-only */
/* A .config is refused with a reason, or gives options that written out read the same. */
#include "cli/dotconfig.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
same(const struct map *a, const struct map *b)
{
	must(a->len == b->len);
	for (size_t i = 0; i < a->len; i++) {
		must(strcmp(a->items[i].key, b->items[i].key) == 0);
		must(strcmp(a->items[i].value, b->items[i].value) == 0);
	}
}

static void
again(const struct map *m)
{
	struct map back = MAP_INIT;
	cleanup_str struct str text = STR_INIT;

	for (size_t i = 0; i < m->len; i++)
		str_addf(&text, "CONFIG_%s=%s\n", m->items[i].key, (char *)m->items[i].value);
	must(dotconfig_parse(&back, str_text(&text), text.len, NULL) == 0);
	same(m, &back);
	map_release(&back, free);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct map m = MAP_INIT;
	struct err err = ERR_INIT;

	if (dotconfig_parse(&m, (const char *)data, size, &err) == 0)
		again(&m);
	else
		must(*err_msg(&err) != '\0');
	err_clear(&err);
	map_release(&m, free);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-only */
/* The types that an option may have, and how a value becomes one of them. */
#ifndef MSMV_RECIPE_SCHEMA_TYPE_H
#define MSMV_RECIPE_SCHEMA_TYPE_H

#include <stdbool.h>

#include "recipe/schema.h"

/* One value on its way into one option. */
struct taking {
	const struct schema *schema;
	const char *section, *key;
	const struct option_info *info;
	struct stage_option *out;
	bool fetches; /* the option is a fetcher's, so a file: url in it names a file */
};

/* Adds v's texts to t->out; -1 after a report. */
int schema_type_take(const struct taking *t, const struct value *v);
/* Adds v's text under the name item, to a MAP or to PATHS with names. */
int schema_type_item(const struct taking *t, const char *item, const struct value *v);
/* "text", "number" ... */
const char *schema_type_name(uint32_t type);
/* Bytes from "64", "64K", "32M", "1G" or "2T" (powers of 1024); -1 if it is none. */
int schema_type_size(const char *text, int64_t *bytes);

#endif

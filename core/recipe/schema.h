/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Values of a recipe against the option tables of plugins. Everything that does not
 * fit is reported where it stands; what fits is added to a stage, normalised as
 * graph/stage.h says.
 */
#ifndef MSMV_RECIPE_SCHEMA_H
#define MSMV_RECIPE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "catalog/catalog.h"
#include "graph/stage.h"
#include "recipe/diag.h"
#include "value/value.h"

struct schema {
	struct diags *diags;
	const char *dir; /* the recipe's folder, absolute: where PATHS begin */
};

/*
 * Adds v as option o of s. -1 after a report, which names section ("[kernel]") and key
 * (mostly o's name).
 */
int schema_take(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const struct value *v, struct stage *s);
/*
 * Adds v under the name item to option o of s, a MAP or PATHS, beside what others gave
 * it; key as above.
 */
int schema_take_item(const struct schema *c, const char *section, const char *key,
	const struct option_info *o, const char *item, const struct value *v,
	struct stage *s);
/* Adds every fallback that is still missing, and reports required options that are. */
int schema_complete(const struct schema *c, const char *section, struct pos pos,
	struct stage *s);
/* Reports a key that nobody takes; known are those that somebody would. */
void schema_unknown(const struct schema *c, const char *section, const char *key,
	struct pos pos, const char *const *known, size_t n);

#endif

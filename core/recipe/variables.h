/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * {{NAME}} in a text of a recipe is what [variables] says that NAME is.
 *
 *	[variables]
 *	version = "6.12.3"
 *	mirror = "https://example.org/{{version}}"
 *
 * A variable may use those above it. arch and name are the target architecture and
 * general.name. {{{{NAME}}}} is the text {{NAME}} itself; anything else in braces stays
 * as it is. Keys are never changed.
 */
#ifndef MSMV_RECIPE_VARIABLES_H
#define MSMV_RECIPE_VARIABLES_H

#include "recipe/diag.h"
#include "value/value.h"

enum { VARIABLES_SIZE = 4 * 1024 * 1024 }; /* bytes that all of them together become */

/*
 * Changes every text of root but those of [variables] itself; arch may be NULL. -1 after
 * reports.
 */
int variables_expand(struct value *root, const char *arch, struct diags *diags);
/* The same for the one value v of root. */
int variables_expand_value(
	const struct value *root, struct value *v, const char *arch, struct diags *diags);

#endif

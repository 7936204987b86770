/* SPDX-License-Identifier: GPL-3.0-only */
/* [profile.NAME] and [arch.NAME] that nobody chose are read by nobody until somebody does:
   what is wrong in them is found before that. */
#ifndef MSMV_RECIPE_OVERLAYS_H
#define MSMV_RECIPE_OVERLAYS_H

#include "recipe/lower.h"
#include "recipe/variant.h"

#define OVERLAYS_LIMIT 32 /* each costs as much as the recipe */

/*
 * Lowers the recipe once for each overlay that the choices leave out, as if it were
 * chosen too. -1 after reports; what is in diags already is not said again.
 */
int overlays_check(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, const struct choices *choices, struct diags *diags);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From a recipe to one pipeline for all its architectures. A recipe for several is
 * lowered once for each; then stages that do not depend on the architecture and are
 * equal in all of them are one stage, the others are called NAME@ARCH.
 */
#ifndef MSMV_RECIPE_MATRIX_H
#define MSMV_RECIPE_MATRIX_H

#include "recipe/lower.h"
#include "recipe/variant.h"

/*
 * -1 after reports, or with err for what is wrong with the choices. out is to be
 * released either way.
 */
int recipe_lower(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, const struct choices *choices, struct pipeline *out,
	struct diags *diags, struct err *err);

#endif

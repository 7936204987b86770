/* SPDX-License-Identifier: GPL-3.0-only */
/* The commands of "msmv recipe", and what they share. */
#ifndef MSMV_CLI_RECIPE_H
#define MSMV_CLI_RECIPE_H

#include "base/err.h"
#include "base/str.h"
#include "cli/cmd.h"
#include "recipe/diag.h"

extern const struct cmd cmd_recipe_check, cmd_recipe_schema, cmd_recipe_new, cmd_recipe_fmt,
	cmd_recipe_convert;

#define RECIPE_SIZE (16 * 1024 * 1024 + 4)

/* ".yaml" or ".yml". */
bool recipe_is_yaml(const char *path);
/* What "recipe check --json" says of a recipe that cannot be lowered, on one line. */
void recipe_print_problems(const char *recipe, const struct diags *diags);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv recipe: what can be done with a recipe besides building it. */
#include <stddef.h>

#include "cli/recipe.h"

static const struct cmd *const verbs[] = { &cmd_recipe_check, &cmd_recipe_schema,
	&cmd_recipe_new, &cmd_recipe_fmt, &cmd_recipe_convert, NULL };

bool
recipe_is_yaml(const char *path)
{
	return str_ends(path, ".yaml") || str_ends(path, ".yml");
}

const struct cmd cmd_recipe = {
	.name = "recipe",
	.synopsis = "COMMAND [OPTIONS]",
	.help = "Check, write, lay out or convert recipes",
	.verbs = verbs,
};

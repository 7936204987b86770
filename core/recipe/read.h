/* SPDX-License-Identifier: GPL-3.0-only */
/* Recipes as files, whatever their notation, with all that they include. */
#ifndef MSMV_RECIPE_READ_H
#define MSMV_RECIPE_READ_H

#include "recipe/diag.h"
#include "value/value.h"

#define READ_DEPTH 16  /* files that include each other */
#define READ_FILES 100 /* of one recipe */

/*
 * One file alone, as YAML if its name ends so, else as TOML; "-" for standard input,
 * which is TOML. NULL after a report.
 */
struct value *recipe_read_file(const char *path, struct diags *diags);
/*
 * A recipe with all that its include = [...] names: these come first, in order, then
 * what the file itself says; tables are merged key by key, all else is replaced. No
 * file outside the recipe's folder is read.
 */
struct value *recipe_read(const char *path, struct diags *diags);
/* Puts from over into, as include does; from is freed. */
void recipe_merge(struct value *into, struct value *from);

#endif

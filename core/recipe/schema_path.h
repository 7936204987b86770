/* SPDX-License-Identifier: GPL-3.0-only */
/* What of this machine a recipe may name: what lies beside and below it. */
#ifndef MSMV_RECIPE_SCHEMA_PATH_H
#define MSMV_RECIPE_SCHEMA_PATH_H

#include "recipe/schema_type.h"

/*
 * -1 after a report if path, which the recipe has as text, leads outside of the recipe's
 * folder, or is a folder with a link in it that does. --set may name any file.
 */
int schema_path_inside(const struct taking *t, struct pos pos, const char *text,
	const char *path);
/* The same for a fetcher's file: url; 0 for any other text. */
int schema_path_url(const struct taking *t, struct pos pos, const char *text);

#endif

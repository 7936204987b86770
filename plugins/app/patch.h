/* SPDX-License-Identifier: GPL-3.0-only */
/* The patches of a recipe, applied to the unpacked source. */
#ifndef APP_PATCH_H
#define APP_PATCH_H

#include "build.h"

/* False for a folder without a patch. */
bool patch_any(const char *path);
/* Applies the patches option in order. 0, or -1 recorded. */
int patch_all(struct build *build);

#endif

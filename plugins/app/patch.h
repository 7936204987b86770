/* SPDX-License-Identifier: GPL-3.0-only */
/* The patches of a recipe, applied to the unpacked source. */
#ifndef APP_PATCH_H
#define APP_PATCH_H

#include "build.h"

/* Applies the patches option in order. 0, or -1 recorded. */
int patch_all(struct build *build);

#endif

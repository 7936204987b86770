/* SPDX-License-Identifier: GPL-3.0-only */
/* The compiler that a source sees: the real one with this build's flags. */
#ifndef AUTOTOOLS_WRAPPER_H
#define AUTOTOOLS_WRAPPER_H

#include "build.h"

/* Writes TOOLS/TRIPLET-gcc and TRIPLET-cc. Returns 0, or -1 recorded. */
int wrapper_install(struct build *build);

#endif

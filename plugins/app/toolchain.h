/* SPDX-License-Identifier: GPL-3.0-only */
/* The compiler and the sysroot in the words of cmake and of meson. */
#ifndef APP_TOOLCHAIN_H
#define APP_TOOLCHAIN_H

#include "build.h"

/* Paths of the two files. */
const char *toolchain_cmake(struct build *build);
const char *toolchain_meson(struct build *build);
/* Writes both, and leads every cmake to its own. 0, or -1 recorded. */
int toolchain_install(struct build *build);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Running the recipe's commands, and saying what went wrong in them. */
#ifndef AUTOTOOLS_STEP_H
#define AUTOTOOLS_STEP_H

#include "build.h"

/* Applies the patches option in order. 0, or -1 recorded. */
int step_patch(struct build *build);
/* config_script, or ./configure where the source has one. 0, or -1 recorded. */
int step_configure(struct build *build);
/* build_command, or make. 0, or -1 recorded. */
int step_compile(struct build *build);
/* install_command, or make install, into dest. 0, or -1 recorded. */
int step_install(struct build *build);

#endif

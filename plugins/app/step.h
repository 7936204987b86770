/* SPDX-License-Identifier: GPL-3.0-only */
/* The recipe's commands, in order: configure, compile, install. */
#ifndef APP_STEP_H
#define APP_STEP_H

#include "build.h"

/* config_script, build_command, install_command. 0, or -1 recorded. */
int step_all(struct build *build);

#endif

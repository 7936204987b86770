/* SPDX-License-Identifier: GPL-3.0-only */
/* What a recipe's commands leave out, because a person's machine would fill it in. */
#ifndef APP_COMPLETE_H
#define APP_COMPLETE_H

#include "build.h"
#include "split.h"

enum step { STEP_CONFIGURE, STEP_COMPILE, STEP_INSTALL };

/*
 * Adds to the command, by its program's name. placed: the recipe says itself where an
 * install goes.
 */
void command_complete(
	struct build *build, enum step step, bool placed, struct split_command *command);

#endif

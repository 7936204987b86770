/* SPDX-License-Identifier: GPL-3.0-only */
/* Running one command of a recipe, and saying what went wrong in it. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "build.h"

/*
 * Runs argv in the source folder with the build's environment and env on top. what
 * names the step in messages. Returns 0, or -1 recorded, with the line of the output
 * that explains the failure best.
 */
int command_run(struct build *build, const char *what, const struct words *argv,
	const struct words *env);

#endif

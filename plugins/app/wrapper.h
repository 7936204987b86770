/* SPDX-License-Identifier: GPL-3.0-only */
/* The compilers that a source sees: the real ones with this build's flags. */
#ifndef APP_WRAPPER_H
#define APP_WRAPPER_H

#include <sys/types.h>

#include "build.h"

/*
 * Writes TOOLS/TRIPLET-gcc, -cc, -g++, -c++ and -pkg-config. Returns 0, or -1 recorded.
 */
int wrapper_install(struct build *build);
/* A file of the folder of tools. Returns 0, or -1 recorded. */
int file_write(struct build *build, const char *path, const char *text, mode_t mode);

#endif

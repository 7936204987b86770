/* SPDX-License-Identifier: GPL-3.0-only */
/* What an installed tree needs to become the outputs of the stage. */
#ifndef APP_INSTALL_H
#define APP_INSTALL_H

#include "build.h"

/* Moves headers and libraries to develop, drops manuals and what remove names. */
int install_sort(struct build *build);
/* Strips every ELF file and refuses those for another machine. */
int install_strip(struct build *build);
/* Proves that output_executable_path can start in a guest, and notes its size. */
int install_check(struct build *build);

#endif

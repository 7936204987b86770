/* SPDX-License-Identifier: GPL-3.0-only */
/* Which compiler and binutils a build uses, and how its commands find them. */
#ifndef APP_TOOLS_H
#define APP_TOOLS_H

#include "build.h"

/* Fills cross, triplet, cc and clang from the target and CC. 0, or -1 recorded. */
int tools_choose(struct build *build);
/* The program in PATH, absolute, or NULL. */
const char *tools_find(struct build *build, const char *program);
/* The target's own of these: TRIPLET-ld, or the machine's where it is of that kind. */
const char *tools_binutil(struct build *build, const char *program);
/* "gcc-x86-64-linux-gnu": Debian's package of a program for the target. */
const char *tools_cross_package(struct build *build, const char *name);
/* Fails with the package that has the program. */
int tools_missing(struct build *build, const char *program);
/* $MAKE_COMMAND, or make. */
void tools_make(struct build *build, struct words *argv);
/* The first line of what the compiler says to one argument; NULL recorded. */
const char *tools_ask(struct build *build, const char *question);
/* The versions of all that may change the outputs' bytes. 0, or -1 recorded. */
int tools_facts(struct build *build);
/* Makes the tools folder and the environment that leads to it. 0, or -1 recorded. */
int tools_install(struct build *build);

#endif

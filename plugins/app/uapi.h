/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's own headers (linux/, asm/), which no C library brings along. */
#ifndef APP_UAPI_H
#define APP_UAPI_H

#include "build.h"

/* Adds their version to the action key. Returns 0, or -1 recorded. */
int uapi_facts(struct build *build);
/*
 * Makes TOOLS/uapi with links to the headers for the target, unless the sysroot has
 * its own. Returns the folder, NULL where there are none.
 */
const char *uapi_install(struct build *build);

#endif

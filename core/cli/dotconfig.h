/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's .config file, read for its values. */
#ifndef MSMV_CLI_DOTCONFIG_H
#define MSMV_CLI_DOTCONFIG_H

#include <stddef.h>

#include "base/err.h"
#include "base/map.h"

enum { DOTCONFIG_MAX = 16 * 1024 * 1024 };

/*
 * Adds name -> owned text for each option, without CONFIG_; "n" for what is not set.
 * Other lines are passed over. -1: it holds a NUL byte or no option at all.
 */
int dotconfig_parse(struct map *to, const char *text, size_t len, struct err *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's .config file: reading values, and merging requests into it. */
#ifndef KCONFIG_DOTCONFIG_H
#define KCONFIG_DOTCONFIG_H

#include "symbol.h"

/* Takes the value of every option from the file, forgetting those of before; -1: errno. */
int dotconfig_read(struct symbols *all, const char *path);
/* The value as .config and KCONFIG_ALLCONFIG want it: "y", "0x10", "\"a text\"". */
void dotconfig_format(const struct symbol *sym, const char *value, struct text *to);
/* Replaces what the file says of the asked options by what is asked; -1: errno. */
int dotconfig_merge(struct symbols *all, const char *path, const char *requests);

#endif

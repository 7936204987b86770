/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Reads the kernel's Kconfig files for what an explanation needs: types,
 * prompts, dependencies and selects. The values come from the kernel's own
 * configuration program; this only says why they are what they are.
 */
#ifndef KCONFIG_DEFINE_H
#define KCONFIG_DEFINE_H

#include "symbol.h"

/* Reads src/Kconfig and all it leads to for an architecture; -1: it cannot be read. */
int define_all(struct symbols *all, const char *src, const char *arch);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* The .config that the guest's kernel was built with. */
#ifndef QMP_RUN_KERNEL_CONFIG_H
#define QMP_RUN_KERNEL_CONFIG_H

#include <stdbool.h>

#include <msmv/plugin.h>

#include "vm/guest.h"

/* The whole file with a line end before it; NULL if it cannot be read. The caller frees. */
char *kernel_config_read(const char *path);
bool kernel_config_has(const char *text, const char *name, const char *value);
/*
 * Whether it was built for what it boots: -1 after it was said what it lacks. path: of the
 * .config; NULL: not known, and nothing is said.
 */
int kernel_config_fits(struct msmv_stage *stage, const struct guest *guest, const char *path);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Whether a kernel is an ELF file that QEMU can enter directly: one with the PVH
 * note, which CONFIG_PVH puts in. It starts in half the time of a bzImage, as
 * nothing has to be decompressed.
 */
#ifndef VM_PVH_H
#define VM_PVH_H

#include <stdbool.h>

bool pvh_kernel(const char *path);

#endif

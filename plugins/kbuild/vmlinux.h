/* SPDX-License-Identifier: GPL-3.0-only */
/* A small ELF kernel for machines that start one directly through its PVH note. */
#ifndef KBUILD_VMLINUX_H
#define KBUILD_VMLINUX_H

#include <stdint.h>

/*
 * Writes to "to" what of the ELF file "from" a loader needs. 1: done, *size is
 * set; 0: from has no PVH note, nothing is written; -1: errno (ENOEXEC: from is
 * damaged).
 */
int vmlinux_pack(const char *from, const char *to, uint64_t *size);

#endif

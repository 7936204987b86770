/* SPDX-License-Identifier: GPL-3.0-only */
/* What must be true of a program that is process 1 of a guest. */
#ifndef GUEST_INIT_ELF_H
#define GUEST_INIT_ELF_H

/*
 * NULL if the file is a program for that machine (an EM_ number) which needs no
 * loader and no shared library, else what it is instead.
 */
const char *elf_complaint(const char *path, long machine);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * How the kernel's make is called: which compiler, for which architecture. The
 * kernel's Makefile sets CC and LD itself, so they go on its command line; from
 * the environment they would be ignored.
 */
#ifndef KERNEL_MAKE_H
#define KERNEL_MAKE_H

#include <msmv/plugin.h>

#include "text.h"

/* Environment variables that both plugins let through. */
#define KERNEL_ENV "CC", "LD", "HOSTCC", "MAKE_COMMAND"

/* "aarch64-linux-gnu-", or "" where this machine is of the target's kind. */
const char *kernel_cross(struct msmv_stage *s);
/* The compiler as the kernel's make gets it: $CC, or the cross prefix and gcc. */
char *kernel_cc(struct msmv_stage *s);
/* The row of the option that both plugins have. */
#define KERNEL_MAKE_FLAGS \
	{ .name = "make_flags", .type = MSMV_TYPE_LIST, \
	  .help = "further arguments of the kernel's make: LLVM=1, KCFLAGS=..." }

/* What to run, the two folders, variables and make_flags. Targets come after. */
void kernel_make(struct msmv_stage *s, struct list *argv, const char *src, const char *obj);
/* Fails if $CC is a compiler for another architecture than the target. */
int kernel_cc_check(struct msmv_stage *s);
/* Facts: versions of compiler, assembler and linker. */
int kernel_facts_toolchain(struct msmv_stage *s);
/* A fact for a tool that may be missing; installing it later makes the fact anew. */
int kernel_fact_optional(struct msmv_stage *s, const char *tool);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* One compiler call that turns init's sources into one static program. */
#ifndef GUEST_INIT_BUILD_H
#define GUEST_INIT_BUILD_H

struct msmv_stage;
struct compiler;

enum guest_program { PROGRAM_INIT, PROGRAM_NET };

/*
 * Compiles one of them to the file at program. sysroot is a folder with a C library under
 * usr/, or NULL for the compiler's own.
 */
int build_program(struct msmv_stage *, const struct compiler *, enum guest_program which,
	const char *sysroot, const char *program);

#endif

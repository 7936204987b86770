/* SPDX-License-Identifier: GPL-3.0-only */
/* One compiler call that turns init's sources into one static program. */
#ifndef GUEST_INIT_BUILD_H
#define GUEST_INIT_BUILD_H

struct msmv_stage;
struct compiler;

/*
 * Compiles to the file at program. sysroot is a folder with a C library under
 * usr/, or NULL for the compiler's own.
 */
int build_program(struct msmv_stage *, const struct compiler *, const char *sysroot,
	const char *program);

#endif

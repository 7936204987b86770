/* SPDX-License-Identifier: GPL-3.0-only */
/* The C compiler for the guest, and what it says about its own files. */
#ifndef GUEST_INIT_COMPILER_H
#define GUEST_INIT_COMPILER_H

#include <stddef.h>

struct msmv_stage;

#define COMPILER_WORDS 16

struct compiler {
	const char *words[COMPILER_WORDS]; /* "ccache", "gcc", "-m64" ...: argv's begin */
	size_t count;
	char text[1024]; /* what words point into */
};

/* CC, the cross compiler, or the machine's own; -1 and the failure recorded if none fits.
 */
int compiler_find(struct msmv_stage *, struct compiler *);
/* One line that it prints when asked, such as -print-file-name=include; NULL if it fails.
 */
const char *compiler_ask(
	struct msmv_stage *, const struct compiler *, const char *question);
/* Whether PATH has the program; a name with / in it is looked at directly. */
int program_exists(const char *name);

#endif

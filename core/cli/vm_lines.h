/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a guest prints, for programs: an object a line, {"line": TEXT}, with "kernel_s" where
 * the kernel says its time before it and "time" where it is known when the line came.
 */
#ifndef MSMV_CLI_VM_LINES_H
#define MSMV_CLI_VM_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct vm_lines {
	struct str line; /* which has no end yet */
	bool now;        /* lines come as they are printed */
};

/* Objects of the lines that end in here, added to out. */
void vm_lines_feed(struct vm_lines *lines, const char *bytes, size_t n, struct str *out);
/* What has no end; lines are released. */
void vm_lines_end(struct vm_lines *lines, struct str *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Lines that differ between two texts, as diff(1) would show them. */
#ifndef MSMV_CLI_LINE_DIFF_H
#define MSMV_CLI_LINE_DIFF_H

#include "base/str.h"

/*
 * "@@ line N" (of before), then "-" and "+" lines. It is for small changes: of two
 * texts that are otherwise unlike it may show more than it had to, never less.
 */
void line_diff(struct str *out, const char *before, const char *after);

#endif

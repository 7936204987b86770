/* SPDX-License-Identifier: GPL-3.0-only */
/* "Did you mean": the known name that a mistyped one is nearest to. */
#ifndef MSMV_BASE_SUGGEST_H
#define MSMV_BASE_SUGGEST_H

#include <stddef.h>

/* One of known, or NULL when nothing is near enough; the first wins a tie. */
const char *suggest(const char *word, const char *const *known, size_t n);

#endif

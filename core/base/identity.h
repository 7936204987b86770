/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What of a file counts for a witness, as text: numbers in base 16, each with a colon behind
 * it. All give the length; out takes IDENTITY_MAX bytes, since none has more than eleven.
 */
#ifndef MSMV_BASE_IDENTITY_H
#define MSMV_BASE_IDENTITY_H

#include "base/witness.h"

enum { IDENTITY_MAX = 192 };

size_t identity_file(enum witness_kind kind, const struct stat *st, char *out);
/* Why there is nothing to be seen: an errno. */
size_t identity_reason(int code, char *out);
/* Of what was read: how much, and a sum of it. */
size_t identity_text(const void *data, size_t n, char *out);

#endif

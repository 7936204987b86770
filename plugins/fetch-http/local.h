/* SPDX-License-Identifier: GPL-3.0-only */
/* A file of this machine, from file:// or from beside the recipe. */
#ifndef FETCH_HTTP_LOCAL_H
#define FETCH_HTTP_LOCAL_H

#include <stdint.h>

#include "outcome.h"
#include "want.h"

/* Copies path to out while it checks the sum; *size gets its length. */
int local_fetch(const struct want *want, const char *path, const char *out,
	uint64_t *size, struct outcome *o);

#endif

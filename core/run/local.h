/* SPDX-License-Identifier: GPL-3.0-only */
/* Digests of files and folders beside the recipe, remembered while they do not change. */
#ifndef MSMV_RUN_LOCAL_H
#define MSMV_RUN_LOCAL_H

#include "run/context.h"

/*
 * The digest of a file (content and x bit) or of a folder (names, modes, links and
 * contents of all that is in it).
 */
int local_digest(const struct context *ctx, const char *path, char digest[SHA256_HEX],
	struct err *err);

#endif

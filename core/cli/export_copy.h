/* SPDX-License-Identifier: GPL-3.0-only */
/* One file of the store to where a person wants it. */
#ifndef MSMV_CLI_EXPORT_COPY_H
#define MSMV_CLI_EXPORT_COPY_H

#include "run/context.h"

/* A file that gets one of its names. */
struct placing {
	const char *digest, *path;
	uint64_t size;
};

/*
 * In place of what is there, which is whole or replaced at once, and on the disk then.
 * alone: nobody else writes to the folder, so what is half written is a dead process's.
 */
int export_copy(struct context *ctx, const struct placing *p, bool alone, struct err *err);

#endif

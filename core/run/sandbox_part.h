/* SPDX-License-Identifier: GPL-3.0-only */
/* What the files of the sandbox share; see sandbox.h. */
#ifndef MSMV_RUN_SANDBOX_PART_H
#define MSMV_RUN_SANDBOX_PART_H

#include "run/sandbox.h"

/* Who a stage is, on which machine, and above what it finds its places. */
struct identity {
	const char *number, *host, *root;
};

const struct identity *sandbox_identity(const struct context *ctx);

/* bubblewrap's arguments for what every stage sees. */
void sandbox_begin(const struct context *ctx, struct words *w);
/* "-- PROGRAM VERB"; further words may follow. */
void sandbox_end(struct words *w, const char *program, const char *verb);

/* The recipe's files that the stage declares; copies: where there may be copies of them. */
int sandbox_files(const struct stage *s, const char *copies, struct words *w, struct err *err);

void words_add(struct words *w, const char *text);
/* HOW FROM TO, as bubblewrap's options that mount take them. */
void words_bind(struct words *w, const char *how, const char *from, const char *to);
/* Each of the paths where it is outside. */
void words_bind_list(struct words *w, const char *how, const char *const *paths, size_t n);

#endif

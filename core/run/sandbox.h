/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a stage can reach: the toolchain, its inputs and its own folders. It runs in user,
 * mount, pid, ipc, uts and network namespaces that bubblewrap makes; only fetchers share
 * the machine's network. What cannot be reached cannot change the outputs, so what is no
 * field of the action key cannot matter.
 *
 * Inside:	/usr, /bin, /lib ...		the machine's, read-only, without /usr/local
 *		/msmv/in/N			input N, read-only
 *		/msmv/job/work, out.PORT	the stage's work folder and outputs
 *		/msmv/scratch			its own scratch folders, once it asked for them
 *		files of the recipe		where they are outside, read-only
 *		/dev, /proc, /tmp		new ones
 *
 * The places have the same names on every machine, whatever the store's name is. With
 * ctx->elsewhere they have others, the user, the machine's name, locale and time zone too,
 * folders list their members backwards, and it is later: what a stage makes there must be
 * what it makes here.
 */
#ifndef MSMV_RUN_SANDBOX_H
#define MSMV_RUN_SANDBOX_H

#include "base/vec.h"
#include "graph/stage.h"
#include "run/context.h"
#include "wire/request.h"

struct words {
	char **v; /* owned texts; NULL after them once it is ended */
	size_t len, cap;
};

#define WORDS_INIT VEC_INIT

/*
 * Before the first stage: that there is a sandbox, and that it holds. -1 with the cause
 * and what to do about it.
 */
int sandbox_prove(struct context *ctx, struct err *err);
/*
 * The command that starts a worker for the stage, whose temporary folder is dir, inside;
 * places in the request become those that the worker sees. "DIR.files" is to be removed
 * with dir: there may be copies in it; "DIR.scratch" is there: where scratch folders go.
 */
int sandbox_enter(const struct context *ctx, const struct stage *s, const char *dir,
	struct request *q, struct words *argv, struct err *err);
void words_release(struct words *w);

#endif

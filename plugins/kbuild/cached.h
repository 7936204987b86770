/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's compilers behind ccache, where the site asks for it. */
#ifndef KBUILD_CACHED_H
#define KBUILD_CACHED_H

#include "../ccache/ccache.h"
#include "../kernel/text.h"

struct cached {
	struct ccache ccache;
	struct list env; /* for make, further variables may be added */
};

/* Opens it; with ccache off env stays empty. May add to make's words. -1: recorded. */
int cached_open(struct msmv_stage *s, struct cached *c, struct list *argv);
void cached_close(struct msmv_stage *s, struct cached *c);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* How far a kernel build is, told from the lines that it prints. */
#ifndef KBUILD_PROGRESS_H
#define KBUILD_PROGRESS_H

#include <msmv/plugin.h>

struct progress {
	uint64_t done;
	uint64_t total; /* 0: unknown */
};

/* Is the line a step of the build ("  CC      init/main.o")? what: the file. */
int progress_step(const char *line, const char **what);
/* For struct kernel_run: arg is a struct progress. */
void progress_line(struct msmv_stage *s, const char *line, void *arg);
/* The steps that the last whole build in this folder took, or 0. */
uint64_t progress_recall(const char *folder);
void progress_remember(const char *folder, uint64_t steps);

#endif

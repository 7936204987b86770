/* SPDX-License-Identifier: GPL-3.0-only */
/* Runs the kernel's make and catches the line that says why it failed. */
#ifndef KERNEL_RUN_H
#define KERNEL_RUN_H

#include <msmv/plugin.h>

#include "text.h"

struct kernel_run {
	const struct list *argv;
	const char *const *env;
	/* Called for each line of output and errors; may be NULL. */
	void (*line)(struct msmv_stage *s, const char *line, void *arg);
	void *arg;
	const char *what; /* for the message: "make olddefconfig" */
};

/* 0, or -1 with a failure recorded that quotes the first error line. */
int kernel_run(struct msmv_stage *s, const struct kernel_run *run);

#endif

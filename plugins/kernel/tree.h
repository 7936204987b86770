/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The kernel's sources, unpacked and patched once in a scratch folder that
 * kconfig and kbuild share. They stay as they were unpacked: every object goes
 * into a folder of its own (make O=...).
 */
#ifndef KERNEL_TREE_H
#define KERNEL_TREE_H

#include <msmv/plugin.h>

struct kernel_tree {
	char *folder; /* the scratch folder; room for small things beside src */
	char *src;    /* the kernel's top folder */
	char key[33]; /* stands for archive, patches and architecture */
};

/* Unpacks input "source" and applies option "patches", unless that was done before. */
int kernel_tree_open(struct msmv_stage *s, struct kernel_tree *tree);
void kernel_tree_release(struct kernel_tree *tree);

#endif

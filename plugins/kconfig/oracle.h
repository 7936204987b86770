/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The program that answers for the kernel: conf of the tree's scripts/kconfig, linked
 * anew with the sources in oracle/. Those travel inside the plugin, so its digest
 * stands for them in every key.
 */
#ifndef KCONFIG_ORACLE_H
#define KCONFIG_ORACLE_H

#include <msmv/plugin.h>

#include "../kernel/text.h"

struct oracle_source {
	const char *name;
	const char *const *lines; /* up to NULL */
};

extern const struct oracle_source oracle_sources[];
extern const size_t oracle_source_count;

/*
 * Makes conf in obj answer questions, unless it does already. argv: make and its
 * arguments for these folders, without a target; base: a target that at least builds conf.
 */
int oracle_build(struct msmv_stage *s, const struct list *argv, const char *src,
	const char *obj, const char *base);

#endif

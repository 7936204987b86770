/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Compilers behind ccache, for the stages that compile. It answers with the bytes that
 * the compiler gave before to the same call, so it is in no key.
 */
#ifndef CCACHE_CCACHE_H
#define CCACHE_CCACHE_H

#include <msmv/plugin.h>

/* The option's row: a site's setting, which the engine fills in. */
#define CCACHE_OPTION \
	{ .name = "ccache", .type = MSMV_TYPE_STRING, .flags = MSMV_OPT_NO_KEY, \
	  .help = "folder of ccache's cache; without one compilers are called directly" }

enum { CCACHE_ENV = 6 };

struct ccache {
	char *program;         /* absolute path; NULL while it is off */
	char *stats;           /* where it writes what each call came to */
	char *env[CCACHE_ENV]; /* NAME=VALUE for every command, NULL at the end */
};

/*
 * Reads the option; c->program stays NULL where it is not set. stats is a file to be
 * made. 0, or -1 recorded: ccache is asked for and not installed.
 */
int ccache_open(struct msmv_stage *stage, const char *stats, struct ccache *c);
/* Logs how many calls were answered from the cache, and frees. */
void ccache_close(struct msmv_stage *stage, struct ccache *c);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a recipe asks of the kernel's configuration, in the order of asking: the
 * architecture's needs, profiles, options. They become the lines of a question to the
 * oracle, which alone knows types and choices; oracle/ask.c has the form.
 */
#ifndef KCONFIG_REQUEST_H
#define KCONFIG_REQUEST_H

#include <msmv/plugin.h>

#include "../kernel/text.h"

struct requests {
	struct msmv_stage *stage;
	struct text lines;
	struct list profiles; /* read so far */
	struct list asked_by; /* for each of them the recipe's profile that brought it in */
	const char *top;      /* the recipe's profile being read */
};

/* "FOO" of "CONFIG_FOO". */
const char *request_bare(const char *name);
/* Collects all requests of the stage, later ones over earlier ones. */
int requests_collect(struct requests *r);
/* One more; kind is r, p or a; maybe: only if the kernel has it. -1: no option's name. */
int request_add(struct requests *r, const char *kind, bool maybe, const char *name,
	const char *value, const char *origin);
/* The entry of the option "profiles" through which the profile was asked for. */
const char *request_profile(const struct requests *r, const char *profile);
void requests_release(struct requests *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An action: all that can change a stage's outputs, as a sorted record of named
 * fields. Its SHA-256 is the key under which the result is kept.
 *
 *	format                 version of these rules
 *	plugin plugin.version plugin.so
 *	arch arch.FACT         target architecture, when the recipe has one
 *	option.NAME            after defaults; a list adds .0 .1 ..., a map .KEY and
 *	                       an .order; of PATHS the name and the content's digest
 *	input.PORT.N           digest of the artifact
 *	env.NAME               variables that the plugin declares and the person set
 *	fact.FIELD             what the plugin found out about this machine
 *	epoch
 */
#ifndef MSMV_RUN_ACTION_H
#define MSMV_RUN_ACTION_H

#include "graph/stage.h"
#include "run/context.h"

/* All but inputs, in no order yet. facts may be NULL. */
int action_begin(const struct context *ctx, const struct stage *s, const struct record *facts,
	struct record *out, struct err *err);
/* file: the name that a stage is told (MSMV_PORT_NAMED), or NULL. */
void action_add_input(struct record *action, const char *port, size_t n, const char *digest,
	const char *file);
/* Sorts and hashes. */
void action_key(struct record *action, char key[SHA256_HEX]);

/*
 * What changed between two actions, as a person would say it: "option cflags: -O2 ->
 * -Os; 14 other fields are equal". The caller frees; NULL if they are equal.
 */
char *action_difference(const struct record *before, const struct record *after);

#endif

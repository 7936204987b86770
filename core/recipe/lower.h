/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From a recipe's value tree to a pipeline, by the table in HACKING.md. Lowering knows
 * the sections; what is in them is known by the plugins that the catalog describes.
 */
#ifndef MSMV_RECIPE_LOWER_H
#define MSMV_RECIPE_LOWER_H

#include "base/err.h"
#include "base/record.h"
#include "catalog/catalog.h"
#include "graph/stage.h"
#include "recipe/diag.h"
#include "value/value.h"

struct lower_env {
	const char *recipe;   /* absolute path of the recipe; PATHS begin beside it */
	const char *data_dir; /* msmv's own files: data_dir/init is the guest's source */
	const char *host_arch;        /* as uname(2) has it; the default target */
	const struct record *mirrors; /* url prefix -> replacement; NULL for none */
	const struct record *site;    /* option -> value, for options that are in no key, where
	                                 the recipe says nothing; NULL for none */
};

/* All problems go to diags; -1 if there was any. out is to be released either way. */
int lower(const struct value *root, const struct catalog *catalog,
	const struct lower_env *env, struct pipeline *out, struct diags *diags);

/*
 * --set "kernel.url=apt:linux-source-6.12": the value as TOML, or else as plain text.
 * Only the named key of root changes.
 */
int lower_set(struct value *root, const char *assignment, struct err *err);

#endif

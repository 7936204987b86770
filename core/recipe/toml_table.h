/* SPDX-License-Identifier: GPL-3.0-only */
/* Where keys and headers lead in the tree, and which of them TOML forbids. */
#ifndef MSMV_RECIPE_TOML_TABLE_H
#define MSMV_RECIPE_TOML_TABLE_H

#include "recipe/diag.h"
#include "recipe/toml_key.h"
#include "value/value.h"

/* Closes a table or array against later keys: it was written in one piece. */
void table_seal(struct value *v);
/*
 * The table that the last part of a key goes into; NULL after a report if the key
 * is taken or leads through something that is closed. section counts headers.
 */
struct value *table_for_key(struct value *table, const struct key *k, unsigned section,
	struct diags *diags);
/* The table that [k], or [[k]] if many, opens; NULL after a report. */
struct value *table_for_header(struct value *root, const struct key *k, bool many,
	struct diags *diags);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Recipes in YAML: the same tree that TOML gives, with places. Of YAML it takes what a
 * recipe has use for: one document, of tables with texts for keys, lists and plain
 * values by the core schema of YAML 1.2. A tag, null, a date or a second document is
 * refused or stays text, never guessed at.
 */
#ifndef MSMV_RECIPE_YAML_H
#define MSMV_RECIPE_YAML_H

#include <stddef.h>

#include "recipe/diag.h"
#include "value/value.h"

#define YAML_DEPTH 128                    /* tables and lists within each other */
enum { YAML_SIZE = 16 * 1024 * 1024 };      /* bytes of a document */
enum { YAML_COPIES = 1024 * 1024 };         /* bytes that all aliases together stand for */

/*
 * The document as a table (an empty one for an empty document), or NULL after one
 * report in diags, which learns the source from here. The caller frees.
 */
struct value *yaml_parse(
	const char *file, const char *text, size_t len, struct diags *diags);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A strict reader of TOML 1.0. It takes what the standard takes and nothing else; the
 * first thing it cannot take is reported with its place. Time and memory are linear
 * in the text.
 */
#ifndef MSMV_RECIPE_TOML_H
#define MSMV_RECIPE_TOML_H

#include <stddef.h>

#include "recipe/diag.h"
#include "value/value.h"

#define TOML_DEPTH 128              /* tables and arrays within each other */
enum { TOML_SIZE = 16 * 1024 * 1024 }; /* bytes of a document */

/*
 * The document as a table, or NULL after one report in diags, which learns the source
 * from here. file is only shown. The caller frees with value_free.
 */
struct value *toml_parse(
	const char *file, const char *text, size_t len, struct diags *diags);
/* The same from a file, "-" for standard input. */
struct value *toml_parse_file(const char *path, struct diags *diags);
/* One value alone, as it stands after a '=': for --set. NULL after a report. */
struct value *toml_parse_value(const char *text, size_t len, struct diags *diags);

#endif

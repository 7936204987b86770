/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The one layout of a recipe: nothing but white space, and commas in arrays of several
 * lines, is changed. What is laid out so stays as it is.
 */
#ifndef MSMV_RECIPE_TOML_FORMAT_H
#define MSMV_RECIPE_TOML_FORMAT_H

#include "base/str.h"

/* -1 if text is no TOML. */
int toml_format(const char *text, size_t len, struct str *out);

#endif

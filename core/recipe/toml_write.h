/* SPDX-License-Identifier: GPL-3.0-only */
/* Values as TOML, so that reading the text gives the same value. */
#ifndef MSMV_RECIPE_TOML_WRITE_H
#define MSMV_RECIPE_TOML_WRITE_H

#include "base/str.h"
#include "value/value.h"

/* On one line, tables in braces. A text that is not UTF-8 gives what no reader takes. */
void toml_write_value(struct str *out, const struct value *v);
void toml_write_string(struct str *out, const char *s, size_t len);
/* Bare where it may be; C0 80 is a NUL, as value.h says. */
void toml_write_key(struct str *out, const char *key);

#endif

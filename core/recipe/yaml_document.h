/* SPDX-License-Identifier: GPL-3.0-only */
/* A whole recipe as YAML, in block style. */
#ifndef MSMV_RECIPE_YAML_DOCUMENT_H
#define MSMV_RECIPE_YAML_DOCUMENT_H

#include "base/str.h"
#include "recipe/notes.h"
#include "value/value.h"

/* notes may be NULL: the comments that go along. Dates become texts: YAML has none. */
void yaml_write_document(struct str *out, const struct value *root, struct notes *notes);
/* On one line. */
void yaml_write_value(struct str *out, const struct value *v);
/* The pairs of a table in lines, so far to the right. */
void yaml_write_pairs(struct str *out, const struct value *table, int indent);

#endif

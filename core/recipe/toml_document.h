/* SPDX-License-Identifier: GPL-3.0-only */
/* A whole recipe as TOML, a header for each table. */
#ifndef MSMV_RECIPE_TOML_DOCUMENT_H
#define MSMV_RECIPE_TOML_DOCUMENT_H

#include "base/str.h"
#include "recipe/notes.h"
#include "value/value.h"

/* notes may be NULL: the comments that go along. */
void toml_write_document(struct str *out, const struct value *root, struct notes *notes);

#endif

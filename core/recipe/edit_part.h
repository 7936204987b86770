/* SPDX-License-Identifier: GPL-3.0-only */
/* What the files of the editor share: one change, and the text that it gives. */
#ifndef MSMV_RECIPE_EDIT_PART_H
#define MSMV_RECIPE_EDIT_PART_H

#include "recipe/diag.h"
#include "recipe/edit.h"

struct edit_job {
	const char *text;
	size_t len;
	const struct value *root; /* what text reads as */
	const char *const *keys;
	size_t nkeys;           /* at least 1 */
	size_t existing;        /* how many of them lead to tables that are there */
	const struct value *v;  /* NULL: to be removed */
	struct str *out;
};

/* Each writes the whole new text to out; -1 if it cannot be done safely. The caller
   checks what comes out, so a notation need not foresee everything. */
struct edit_notation {
	const char *suffix;
	struct value *(*parse)(
		const char *file, const char *text, size_t len, struct diags *diags);
	int (*replace)(const struct edit_job *job); /* a value that is there */
	int (*add)(const struct edit_job *job);
	int (*remove)(const struct edit_job *job);
};

int edit_toml_replace(const struct edit_job *job);
int edit_toml_add(const struct edit_job *job);
int edit_toml_remove(const struct edit_job *job);

int edit_yaml_replace(const struct edit_job *job);
int edit_yaml_add(const struct edit_job *job);
int edit_yaml_remove(const struct edit_job *job);

/* job's text with lines (ending in \n) put in at an offset where a line begins; with the
   text's line endings. */
void edit_insert(const struct edit_job *job, size_t at, const char *lines);

/* ---- shared by the two files for TOML -------------------------------- */

struct layout;
struct layout_item;

/* How far a header or pair agrees with the wanted keys. */
struct edit_match {
	size_t header; /* parts of the header above a pair */
	size_t total;  /* parts of the whole path */
	size_t common; /* leading parts that are the same */
};

struct edit_match edit_toml_match(const struct layout *l, const struct layout_item *item,
	const char *const *keys, size_t nkeys);

#endif

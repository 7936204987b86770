/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a recipe may hold, as data: every section, the keys that msmv itself reads, and
 * whose options the other keys are. Lowering, the checks, the JSON Schema and the
 * reference all come from this table and from what the plugins declare.
 */
#ifndef MSMV_RECIPE_SECTIONS_H
#define MSMV_RECIPE_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum section_flags {
	/* Also given to the plugins that have an option of the name. */
	SECTION_SHARED = 1,
	SECTION_REQUIRED = 2,
	SECTION_PEOPLE = 4 /* msmv shows it or keeps it, but nothing depends on it */
};

struct section_key {
	const char *name;
	uint32_t type; /* enum msmv_type */
	uint32_t flags;
	const char *fallback; /* for people; NULL for none */
	const char *choices;  /* "a|b", "@output:" for what plugins provide; NULL for any */
	const char *help;
};

struct section_info {
	const char *name; /* "kernel", "boot.network" */
	const char *help;
	const struct section_key *keys; /* ends with a NULL name; NULL for none */
	/* Whose options the other keys are: capabilities with a space between; "fetch:*" is
	   every one that begins so, but not those of "-build:kernel"; NULL for nobody's. */
	const char *takers;
	/* A key K may also be the option PREFIX_K of what provides this; NULL for none. */
	const char *prefix, *prefix_of;
	/* A text instead of the table means this key of it; NULL: it must be a table. */
	const char *lone;
	bool many; /* [NAME.ANY]: a table of such tables; NAME may have a dot itself */
};

extern const struct section_info section_table[]; /* ends with a NULL name */

/* NULL if there is none of that name. */
const struct section_info *section_info(const char *name);
/* Is the plugin that provides these capabilities one of the section's takers? */
bool section_takes(const struct section_info *s, char *const *provides, size_t n);

#endif

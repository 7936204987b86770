/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The typed tree that every recipe becomes, whatever its notation, with the place
 * in the text that each value came from.
 */
#ifndef MSMV_VALUE_VALUE_H
#define MSMV_VALUE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

enum value_kind {
	VALUE_STRING,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_BOOL,
	VALUE_DATETIME, /* kept as its text, with an upper-case T and Z */
	VALUE_ARRAY,
	VALUE_TABLE
};

/* 1-based; column counts bytes. line 0: no place (built in, or from --set). */
struct pos {
	int line, column;
	int file; /* index into the sources, 0: the recipe itself (value/source.h) */
};

#define POS_NONE ((struct pos){ 0, 0, 0 })

struct value {
	enum value_kind kind;
	struct pos pos;     /* of the value */
	struct pos key_pos; /* of its key, when it is a member of a table */
	union {
		struct {
			char *s;
			size_t len; /* s may hold NUL bytes only if \u0000 was written */
		} string;           /* STRING and DATETIME */
		int64_t integer;
		double real;
		bool boolean;
		struct {
			struct value **v;
			size_t len, cap;
		} array;
		/* key -> struct value *, in the text's order; a NUL in a key is held as the
		   bytes C0 80, which no text can contain */
		struct map table;
	};
	int datetime_kind; /* of a DATETIME: enum toml_datetime */
	unsigned flags;    /* the reader's own bookkeeping */
};

enum toml_datetime { DT_OFFSET = 1, DT_LOCAL, DT_DATE, DT_TIME };

struct value *value_new(enum value_kind kind, struct pos pos);
struct value *value_string(const char *s, size_t len, struct pos pos);
void value_free(struct value *v);
void cleanup_valuep(struct value **v);
/* cleanup_value struct value *v = NULL; */
#define cleanup_value __attribute__((cleanup(cleanup_valuep)))
/* v is owned by the array or table from then on. */
void value_push(struct value *array, struct value *v);
void value_put(struct value *table, const char *key, struct value *v);
/* NULL if absent or if table is NULL or no table. */
struct value *value_get(const struct value *table, const char *key);
/* "kernel.options.NET": one key per dot; NULL if absent. */
struct value *value_path(const struct value *root, const char *path);
/* ---- whole.c: trees as a whole --------------------------------------- */

struct value *value_copy(const struct value *v); /* places and all */
/* The same values; places, and the order of a table's keys, count for nothing. */
bool value_equal(const struct value *a, const struct value *b);
/* Removes and frees the member of that key, if there is one. */
void value_drop(struct value *table, const char *key);

const char *value_kind_name(enum value_kind kind); /* "a string", "a table" ... */

#endif

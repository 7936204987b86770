/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of settings, and families of them: the alternatives by which something can be had. */
#ifndef ORACLE_SETS_H
#define ORACLE_SETS_H

#include "oracle.h"

enum { SET_MAX = 20, FAMILY_MAX = 40, VALUE_MAX = 24 };

struct setting {
	struct symbol *sym;
	char value[VALUE_MAX];
};

struct set {
	struct setting v[SET_MAX];
	unsigned len;
};

/* Always bounded: of too many sets the smallest stay. */
struct family {
	struct set *v;
	unsigned len;
};

/* false: it does not fit, or contradicts the set. */
bool set_add(struct set *s, struct symbol *sym, const char *value);
bool set_union(struct set *to, const struct set *more);
bool set_equal(const struct set *a, const struct set *b);
bool set_better(const struct set *a, const struct set *b);
/* The name of the option that a repair is looked for. */
extern const char *sets_target;
const struct setting *set_find(const struct set *s, const char *name);

void family_add(struct family *f, const struct set *s);
/* The family of nothing needed. */
void family_unit(struct family *f);
/* Both: each of f with each of by; by is released. */
void family_cross(struct family *f, struct family *by);
/* Either: all of more go into f; more is released. */
void family_join(struct family *f, struct family *more);
void family_free(struct family *f);

/*
 * want.c: the families of settings that, by the present state's expressions, would give
 * a symbol at least, or at most, a level. They are candidates; the kernel's own
 * calculation decides.
 */
struct wants {
	const struct question *q;
	const struct symbol *busy[32]; /* being worked out: no circles */
	unsigned depth;
	unsigned steps; /* left */
};

/* What can make the wish hold. */
void want_wish(struct wants *w, const struct wish *wish, struct family *f);

#endif

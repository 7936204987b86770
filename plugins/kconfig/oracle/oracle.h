/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle is the kernel's own "conf" with a question added. The stage compiles
 * these files on the person's machine against the objects of the tree's
 * scripts/kconfig and puts the program in conf's place, so its answers come from the
 * same expression trees, in the same environment and the same run that write .config.
 *
 * Of the tree's interface only what has stayed since Linux 5.4 is used. What changed
 * is probed in its headers by the stage: ORACLE_FILENAME (menus hold their file's name,
 * 6.9) and ORACLE_CHOICE_ORDER (a choice keeps its members in order of priority, 6.11).
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stdio.h>

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "lkc.h"

/* Who asked; later kinds win over earlier ones. */
enum origin { ORIGIN_ARCH, ORIGIN_PROFILE, ORIGIN_RECIPE, ORIGIN_REPAIR };

/* One wish: an option shall have a value. */
struct wish {
	char *name;
	char *value;
	char *from; /* "recipe", "profile net" */
	enum origin origin;
	bool waived;
	bool dropped; /* another member of its choice was asked later, by a stronger one */
};

struct wishes {
	struct wish *v;
	size_t len, cap;
};

/* A machine's need: looked at, never asked for. */
struct need {
	char *machine, *name, *value;
	struct need *next;
};

struct question {
	struct wishes wishes;
	struct need *needs;
	bool off;          /* allnoconfig: what is not asked stays off */
	char *base;        /* else: text of the .config to start from */
	char *person;      /* a .config made by hand, to be found by the fewest changes */
	struct question *next;
};

/* Ends the program with what errno says of it. main.c */
void die(const char *what) __attribute__((noreturn));

/* A growing text. */
struct out {
	char *p;
	size_t len, cap;
};

void out_add(struct out *o, const char *text);
void out_addf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes. */
void out_json(struct out *o, const char *text);
void out_free(struct out *o);
void *need_memory(void *old, size_t size);
char *need_copy(const char *text);
/* The whole file, or NULL. */
char *file_text(const char *path);

/* ask.c: reads questions; finds the wish for a name, or NULL. */
struct question *question_read(const char *path);
struct wish *wish_find(const struct wishes *w, const char *name);
void wish_set(struct wishes *w, const char *name, const char *value, const char *from,
	enum origin origin);
void wishes_copy(struct wishes *to, const struct wishes *from);
void wishes_free(struct wishes *w);

/* tree.c: what the menus say of symbols. */
struct symbol *tree_find(const char *name);         /* NULL: nowhere defined */
struct menu *tree_choice(const struct symbol *sym); /* of which it is a member, or NULL */
struct menu *tree_menu(const struct symbol *sym);   /* its first entry, with prompt if any has */
const char *tree_file(const struct menu *menu);
bool tree_prompt(const struct symbol *sym);
/* Is the number within the range that the property (P_RANGE) gives? */
bool range_admits(const struct symbol *sym, struct property *prop, const char *value);
void tree_near(const char *name, struct out *json);
/* Each symbol that has a name and a definition, once; i counts up. NULL at the end. */
struct symbol *tree_symbol(size_t i);

/* state.c: configurations. */
void state_text(const struct question *q, const struct wishes *w, struct out *o);
/* Computes the configuration as the stage would make it; the symbols hold it after. */
void state_make(const struct question *q, const struct wishes *w);
/* The value .config has: "n" for what is off or not there. Lives until the next calls. */
const char *state_value(struct symbol *sym);
bool state_holds(const struct wish *w);
bool state_equal(struct symbol *sym, const char *asked, const char *got);
/* All of the configuration's options with their values. */
void state_print(struct out *o);

/* clause.c: expressions. */
typedef void (*clause_fn)(struct expr *e, void *arg);
/* Calls for each conjunct whose value is below the level. */
void clause_unmet(struct expr *e, tristate level, clause_fn fn, void *arg);
void clause_print(struct expr *e, struct out *o);
/* {"NET": "n", ...} of the symbols in it. */
void clause_values(struct expr *e, struct out *o);

/* why.c: the members "kind", "why", "unmet", "selected_by", "near", "at" of a request. */
void why_add(const struct question *q, const struct wish *w, struct out *json);

/* repair.c: the set of further options, as JSON, or null. goal NULL: all wishes. */
void repair_add(const struct question *q, const struct wish *goal, struct out *json);

/* person.c: the least set of options that makes the person's configuration of the wishes'. */
void person_add(const struct question *q, struct out *json);

#endif

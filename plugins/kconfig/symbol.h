/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is known of each kernel option: how the tree's Kconfig files define it
 * (define.c fills this in), the value that .config gives it, and the value that
 * was asked for.
 */
#ifndef KCONFIG_SYMBOL_H
#define KCONFIG_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

#include "../kernel/text.h"

enum symbol_type {
	SYMBOL_UNKNOWN,
	SYMBOL_BOOL,
	SYMBOL_TRISTATE,
	SYMBOL_INT,
	SYMBOL_HEX,
	SYMBOL_STRING
};

/* An "if", "menu" or "choice" around a definition. */
struct around {
	struct around *parent;
	struct around *next; /* list of all, to release them */
	char *condition;     /* NULL: none */
	char *visible;       /* a menu's "visible if", or NULL */
	bool choice;
};

/* One "config NAME" block; an option may have several. */
struct definition {
	struct definition *next;
	const struct around *around;
	char *file;
	unsigned line;
	bool prompt;
	char *prompt_if; /* NULL: always */
	char *depends;   /* its own "depends on" lines, joined; NULL: none */
	char *given;     /* condition of its first default that is y or m; NULL: none */
};

struct symbol {
	char *name;
	enum symbol_type type;
	struct definition *definitions; /* NULL: no Kconfig file has it */
	struct list selected_by;        /* "NAME" or "NAME if CONDITION" */
	char *value;                    /* in .config, unquoted; NULL: absent or not set */
	/* The request, if any. */
	char *asked;        /* NULL: none */
	const char *origin; /* "profile net", "recipe" */
	bool waived;
};

struct symbols {
	struct symbol **slots;
	size_t cap, len;
	struct around *arounds;
};

/* The symbol of that name, made if it is new. */
struct symbol *symbol_get(struct symbols *all, const char *name, size_t len);
/* The symbol of that name, or NULL. */
struct symbol *symbol_find(const struct symbols *all, const char *name, size_t len);
/* The choice that the symbol is a member of, or NULL. */
const struct around *symbol_choice(const struct symbol *sym);
/* "y", "m", "n", or the text of any other option: never NULL. */
const char *symbol_value(const struct symbol *sym);
/* The names that Kconfig defines nearest to this one, ", " between; NULL if none is near. */
char *symbol_nearest(const struct symbols *all, const char *name);
void symbols_release(struct symbols *all);

#endif

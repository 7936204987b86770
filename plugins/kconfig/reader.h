/* SPDX-License-Identifier: GPL-3.0-only */
/* The state of a Kconfig reader, shared by its lines (define.c) and its words (words.c). */
#ifndef KCONFIG_READER_H
#define KCONFIG_READER_H

#include "symbol.h"

struct reader {
	struct symbols *all;
	const char *src;
	const char *arch;
	const char *file; /* relative to src */
	unsigned line;
	unsigned depth;
	struct around *around;    /* innermost block */
	struct symbol *sym;       /* of the open "config" block, or NULL */
	struct definition *def;   /* the same */
	struct around *block;     /* a menu or choice whose attributes may follow */
	unsigned help_indent;     /* of the help text's first line; 0: not known yet */
	bool help;
};

/* Does what a line's first word says; rest may be cut up. A word that says nothing is skipped. */
void reader_act(struct reader *r, const char *word, size_t len, char *rest);
/* No block's attributes follow from here. */
void reader_close(struct reader *r);

#endif

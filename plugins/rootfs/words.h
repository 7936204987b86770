/* SPDX-License-Identifier: GPL-3.0-only */
/* Lists of words: from a command line as people write it, into init.ini's quoting. */
#ifndef ROOTFS_WORDS_H
#define ROOTFS_WORDS_H

#include <stddef.h>

struct text;

struct words {
	char **items; /* NULL-terminated when not NULL; one allocation with the words */
	size_t count;
};

/*
 * Splits line as a shell would split simple words: blanks, '...', "..." and
 * backslash. 0, or -1 with *error, as for characters that only a shell could
 * give their meaning.
 */
int words_parse(struct words *, const char *line, const char **error);
void words_release(struct words *);

/* Appends one word, quoted where init's reader needs it. */
void word_quote(struct text *, const char *word);

#endif

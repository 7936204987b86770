/* SPDX-License-Identifier: GPL-3.0-only */
/* A strict reader of ini text: no allocation, no recovery, every error with its line. */
#ifndef INIT_INI_H
#define INIT_INI_H

#include <stddef.h>

enum ini_kind {
	INI_END,
	INI_SECTION, /* "[name]" or "[name label]" */
	INI_KEY,     /* "name = value" */
	INI_BAD      /* error says why; reading on gives INI_BAD again */
};

/* Strings point into the text that is being read. */
struct ini_item {
	enum ini_kind kind;
	unsigned line;
	const char *error;
	char *name;
	char *label; /* of a section, or NULL */
	char *value; /* of a key, without blanks around it */
};

struct ini {
	char *at, *end;
	unsigned line;
	const char *error;
};

/* text has size bytes and room for one more; it is changed by reading. */
void ini_init(struct ini *, char *text, size_t size);
enum ini_kind ini_next(struct ini *, struct ini_item *);

/*
 * Splits value in place into words. A word is bare (no blank, quote or
 * backslash in it) or in double quotes, where \" \\ \n \r \t and \xHH stand
 * for one byte. Returns how many there are, or -1 with *error set.
 */
extern const char words_too_many[]; /* that error */
int words_split(char *value, char **words, size_t max, const char **error);

#endif

/* SPDX-License-Identifier: GPL-3.0-only */
/* Between config.c and keys.c only: a parser's state and the table of keys. */
#ifndef INIT_KEYS_H
#define INIT_KEYS_H

#include <stddef.h>
#include <stdint.h>

struct config;
struct ini_item;

enum section { IN_NONE, IN_INIT, IN_NETWORK, IN_MOUNT, IN_APP };

struct parser {
	struct config *config;
	enum section section;
	void *target;      /* what the keys' offsets count from */
	uint64_t seen;     /* bit per row of keys[], in this section */
	unsigned sections; /* bit per section that was opened */
	const char *error;
	const char *detail; /* stands behind error, or NULL */
};

/* Notes why reading stops and returns -1. */
int parser_bad(struct parser *, const char *error, const char *detail);
/* Stores the key's value where its row says; 0 or parser_bad's -1. */
int key_set(struct parser *, const struct ini_item *);
/* Whether the section that is being read has had this key. */
int key_seen(const struct parser *, const char *name);
/* Where words can be put before they are kept, and how many. */
char **words_room(size_t *max);
/* Keeps count words and a NULL behind them; NULL when the array is full. */
char **words_keep(char **from, size_t count);
/* Forgets all words that were kept. */
void words_forget(void);

#endif

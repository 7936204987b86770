/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Texts and lists of texts that live until the stage ends: a build juggles many
 * paths and flags, and freeing each by hand would hide what the code is about.
 */
#ifndef APP_MEM_H
#define APP_MEM_H

#include <stdbool.h>
#include <stddef.h>

struct pool_item;

struct pool {
	struct pool_item *items;
};

/* A list of texts; v[n] is always NULL once something was pushed. */
struct words {
	const char **v;
	size_t n;
	size_t cap;
};

/* Memory of the pool, zeroed. Never NULL: without memory the process aborts. */
void *pool_alloc(struct pool *pool, size_t size);
char *pool_dup(struct pool *pool, const char *text, size_t len);
char *pool_fmt(struct pool *pool, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void pool_release(struct pool *pool);

void words_push(struct pool *pool, struct words *words, const char *word);
void words_fmt(struct pool *pool, struct words *words, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void words_append(struct pool *pool, struct words *words, const struct words *more);
/* True when one of the words is, or starts with, text. */
bool words_start(const struct words *words, const char *text);
/* All words behind each other with sep between them. */
char *words_join(struct pool *pool, const struct words *words, const char *sep);

#endif

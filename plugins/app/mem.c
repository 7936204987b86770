/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One pool per stage: everything is freed together when the stage is over, so an
 * early return needs no clean-up and leak checkers stay quiet.
 */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool_item {
	struct pool_item *next;
	max_align_t data[];
};

void *
pool_alloc(struct pool *pool, size_t size)
{
	struct pool_item *item = calloc(1, sizeof(*item) + size);

	if (!item)
		abort();
	item->next = pool->items;
	pool->items = item;
	return item->data;
}

char *
pool_dup(struct pool *pool, const char *text, size_t len)
{
	char *copy = pool_alloc(pool, len + 1);

	memcpy(copy, text, len);
	return copy;
}

static char *pool_vfmt(struct pool *pool, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static char *
pool_vfmt(struct pool *pool, const char *fmt, va_list ap)
{
	va_list measure;
	char *text;
	int len;

	va_copy(measure, ap);
	len = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (len < 0)
		abort();
	text = pool_alloc(pool, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

char *
pool_fmt(struct pool *pool, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = pool_vfmt(pool, fmt, ap);
	va_end(ap);
	return text;
}

void
pool_release(struct pool *pool)
{
	while (pool->items) {
		struct pool_item *next = pool->items->next;

		free(pool->items);
		pool->items = next;
	}
}

void
words_push(struct pool *pool, struct words *words, const char *word)
{
	if (words->n + 1 >= words->cap) {
		size_t cap = words->cap ? 2 * words->cap : 8;
		const char **v = pool_alloc(pool, cap * sizeof(*v));

		if (words->n)
			memcpy(v, words->v, words->n * sizeof(*v));
		words->v = v;
		words->cap = cap;
	}
	words->v[words->n++] = word;
	words->v[words->n] = NULL;
}

void
words_fmt(struct pool *pool, struct words *words, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	words_push(pool, words, pool_vfmt(pool, fmt, ap));
	va_end(ap);
}

void
words_append(struct pool *pool, struct words *words, const struct words *more)
{
	for (size_t i = 0; i < more->n; i++)
		words_push(pool, words, more->v[i]);
}

bool
words_start(const struct words *words, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < words->n; i++)
		if (strncmp(words->v[i], text, len) == 0)
			return true;
	return false;
}

char *
words_join(struct pool *pool, const struct words *words, const char *sep)
{
	char *text = pool_dup(pool, "", 0);

	for (size_t i = 0; i < words->n; i++)
		text = pool_fmt(pool, "%s%s%s", text, i ? sep : "", words->v[i]);
	return text;
}

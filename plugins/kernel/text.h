/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Growing strings and argument lists for the two kernel plugins, which may use
 * nothing of msmv but its public header. Running out of memory ends the worker.
 */
#ifndef KERNEL_TEXT_H
#define KERNEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define cleanup_text __attribute__((cleanup(text_release)))
#define cleanup_list __attribute__((cleanup(list_release)))
#define cleanup_free __attribute__((cleanup(free_at)))

struct text {
	char *p; /* NUL-terminated, or NULL while empty */
	size_t len, cap;
};

struct list {
	char **v; /* owned strings and a final NULL; NULL while empty */
	size_t len, cap;
};

void *xrealloc(void *old, size_t size);
/* A zeroed object. */
void *xnew(size_t size);
char *xcopy(const char *s);
char *xcopy_n(const char *s, size_t len);
char *xformat(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void free_at(void *pointer);

void text_add(struct text *t, const char *s);
void text_add_n(struct text *t, const char *s, size_t len);
void text_addf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *t);
void text_release(struct text *t);

void list_add(struct list *l, const char *s);
void list_addf(struct list *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds the words of a command line: blanks part them, '...' and "..." hold them together. */
void list_add_words(struct list *l, const char *command);
bool list_has(const struct list *l, const char *s);
void list_release(struct list *l);

/* The whole file, NUL-terminated; -1 with errno set if it cannot be read. */
int file_read(const char *path, struct text *to);
/* Replaces the file at once: readers see the old bytes or all of the new. */
int file_write(const char *path, const char *bytes, size_t len);
/* Removes a folder and all that is in it; a missing one is fine. */
int folder_remove(const char *path);
/* Removes, and makes anew, empty. */
int folder_renew(const char *path);

#endif

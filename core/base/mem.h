/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Allocation that cannot fail, and clean-up at the end of a scope.
 *
 * Out of memory ends the process: an engine that streams everything holds a
 * few megabytes, and a store that is only ever published whole needs no undo.
 */
#ifndef MSMV_BASE_MEM_H
#define MSMV_BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* n * size, checked for overflow. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
/* A new string; the caller frees it. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void cleanup_freep(void *p);
void cleanup_closep(int *fd);

/* cleanup_free char *s = NULL;   cleanup_close int fd = -1; */
#define cleanup_free __attribute__((cleanup(cleanup_freep)))
#define cleanup_close __attribute__((cleanup(cleanup_closep)))

/* Gives a pointer away: returns it and leaves NULL behind. */
#define take(p) \
	({ __typeof__(p) take_ = (p); (p) = NULL; take_; })
#define take_fd(fd) \
	({ int take_ = (fd); (fd) = -1; take_; })

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define streq(a, b) (strcmp((a), (b)) == 0)

#endif

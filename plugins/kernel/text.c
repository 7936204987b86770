/* SPDX-License-Identifier: GPL-3.0-only */
/* Strings, lists and the few file operations that the kernel plugins share. */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void *
xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xnew(size_t size)
{
	return memset(xrealloc(NULL, size), 0, size);
}

char *
xcopy_n(const char *s, size_t len)
{
	char *p = xrealloc(NULL, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xcopy(const char *s)
{
	return xcopy_n(s, strlen(s));
}

static char *vformat(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static char *
vformat(const char *fmt, va_list ap)
{
	char *p;

	if (vasprintf(&p, fmt, ap) < 0) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

char *
xformat(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = vformat(fmt, ap);
	va_end(ap);
	return p;
}

void
free_at(void *pointer)
{
	free(*(void **)pointer);
}

void
text_add_n(struct text *t, const char *s, size_t len)
{
	if (t->len + len + 1 > t->cap) {
		t->cap = (t->len + len + 1) * 2;
		t->p = xrealloc(t->p, t->cap);
	}
	memcpy(t->p + t->len, s, len);
	t->len += len;
	t->p[t->len] = '\0';
}

void
text_add(struct text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

void
text_addf(struct text *t, const char *fmt, ...)
{
	cleanup_free char *p = NULL;
	va_list ap;

	va_start(ap, fmt);
	p = vformat(fmt, ap);
	va_end(ap);
	text_add(t, p);
}

void
text_clear(struct text *t)
{
	t->len = 0;
	if (t->p)
		t->p[0] = '\0';
}

void
text_release(struct text *t)
{
	free(t->p);
	*t = (struct text){ 0 };
}

static void
list_take(struct list *l, char *s)
{
	if (l->len + 2 > l->cap) {
		l->cap = l->cap ? l->cap * 2 : 16;
		l->v = xrealloc(l->v, l->cap * sizeof(*l->v));
	}
	l->v[l->len++] = s;
	l->v[l->len] = NULL;
}

void
list_add(struct list *l, const char *s)
{
	list_take(l, xcopy(s));
}

void
list_addf(struct list *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	list_take(l, vformat(fmt, ap));
	va_end(ap);
}

void
list_add_words(struct list *l, const char *command)
{
	const char *p = command;

	for (;;) {
		cleanup_text struct text word = { 0 };
		char quote = '\0';

		p += strspn(p, " \t");
		if (!*p)
			return; /* NOLINT(clang-analyzer-unix.Malloc): it is empty yet */
		for (; *p && (quote || !strchr(" \t", *p)); p++) {
			if (quote ? *p == quote : *p == '\'' || *p == '"')
				quote = quote ? '\0' : *p;
			else
				text_add_n(&word, p, 1);
		}
		list_add(l, word.p ? word.p : "");
	}
}

bool
list_has(const struct list *l, const char *s)
{
	for (size_t i = 0; i < l->len; i++) {
		if (strcmp(l->v[i], s) == 0)
			return true;
	}
	return false;
}

void
list_release(struct list *l)
{
	for (size_t i = 0; i < l->len; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct list){ 0 };
}

int
file_read(const char *path, struct text *to)
{
	char chunk[16384];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	text_add(to, "");
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n > 0)
			text_add_n(to, chunk, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	close(fd);
	return n < 0 ? -1 : 0;
}

static int
write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int
file_write(const char *path, const char *bytes, size_t len)
{
	cleanup_free char *fresh = xformat("%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int bad;

	if (fd < 0)
		return -1;
	bad = write_all(fd, bytes, len);
	if (close(fd) < 0 || bad || rename(fresh, path) < 0) {
		unlink(fresh);
		return -1;
	}
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int
folder_remove(const char *path)
{
	if (nftw(path, remove_one, 64, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
		return 0;
	return -1;
}

int
folder_renew(const char *path)
{
	return folder_remove(path) < 0 || mkdir(path, 0755) < 0 ? -1 : 0;
}

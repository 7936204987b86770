/* SPDX-License-Identifier: GPL-3.0-only */
/* Words are kept as they will be handed to execve; only for a person is one quoted. */
#include "vm/argv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
take(struct argv *args, char *text)
{
	if (args->count + 2 > args->room) {
		size_t room = args->room ? args->room * 2 : 32;
		char **item = realloc(args->item, room * sizeof(*item));

		if (!item) {
			args->failed = true;
			free(text);
			return;
		}
		args->item = item;
		args->room = room;
	}
	args->item[args->count++] = text;
	args->item[args->count] = NULL;
}

void
argv_add(struct argv *args, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		args->failed = true;
	else
		take(args, text);
}

void
argv_pair(struct argv *args, const char *option, const char *value)
{
	argv_add(args, "%s", option);
	argv_add(args, "%s", value);
}

void
argv_file(struct argv *args, const char *before, const char *path)
{
	char *text = malloc(strlen(before) + 2 * strlen(path) + 1);
	char *p;

	if (!text) {
		args->failed = true;
		return;
	}
	p = stpcpy(text, before);
	for (; *path; path++) {
		if (*path == ',')
			*p++ = ',';
		*p++ = *path;
	}
	*p = '\0';
	take(args, text);
}

char **
argv_done(struct argv *args)
{
	if (!args->failed)
		return args->item;
	argv_free(args->item);
	return NULL;
}

void
argv_free(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

/* One word for a shell, at p; returns the end. */
static char *
quote(char *p, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%";

	if (*word && word[strspn(word, plain)] == '\0')
		return stpcpy(p, word);
	*p++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			p = stpcpy(p, "'\\''");
		else
			*p++ = *word;
	}
	*p++ = '\'';
	*p = '\0';
	return p;
}

char *
argv_text(char *const *argv)
{
	size_t size = 1;
	char *text, *p;

	for (size_t i = 0; argv[i]; i++)
		size += 4 * strlen(argv[i]) + 3;
	text = p = malloc(size);
	if (!text)
		return NULL;
	*p = '\0';
	for (size_t i = 0; argv[i]; i++) {
		if (i > 0)
			p = stpcpy(p, " ");
		p = quote(p, argv[i]);
	}
	return text;
}

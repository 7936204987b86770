/* SPDX-License-Identifier: GPL-3.0-only */
/* Is all that was noted as it was? */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/identity.h"
#include "base/mem.h"
#include "base/witness.h"

static bool
leads_there(const char *path, const char *want, size_t n)
{
	cleanup_free char *real = realpath(path, NULL);
	const char *now = real ? real : "";

	return strlen(now) == n && memcmp(now, want, n) == 0;
}

/* "LENGTH:REAL PATH" */
static bool
real_holds(char *text)
{
	char *end;
	size_t n = strtoul(text, &end, 10);

	if (*end != ':' || strlen(end + 1) <= n || end[1 + n] != ' ')
		return false;
	return leads_there(end + 2 + n, end + 1, n);
}

/* A line without its kind: "IDENTITY PATH". */
static bool
file_holds(enum witness_kind kind, char *text)
{
	char now[IDENTITY_MAX], *path = strchr(text, ' ');
	struct stat st;
	size_t n;

	if (!path)
		return false;
	n = (size_t)(path++ - text);
	if (kind == WITNESS_OPEN)
		return access(path, W_OK | X_OK) == 0;
	if ((kind == WITNESS_LINK ? lstat : stat)(path, &st) < 0)
		return kind == WITNESS_NONE && identity_reason(errno, now) == n &&
			memcmp(now, text, n) == 0;
	return kind != WITNESS_NONE && identity_file(kind, &st, now) == n && memcmp(now, text, n) == 0;
}

enum { TEXT_MAX = 64 * 1024 * 1024 };

struct buffer {
	char *p;
	size_t size;
};

/*
 * No more than there should be, at once or not at all, and nothing that would have to be
 * waited for: where that says no, a run looks.
 */
static bool
read_again(const char *path, size_t n, struct buffer *b)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || n > TEXT_MAX)
		return false;
	if (b->size <= n) {
		b->size = 2 * n + 4096;
		b->p = xrealloc(b->p, b->size);
	}
	return read(fd, b->p, n + 1) == (ssize_t)n;
}

/* A line without its kind: "LENGTH:SUM: PATH". */
static bool
text_holds(char *text, struct buffer *b)
{
	char now[IDENTITY_MAX], *path = strchr(text, ' ');
	size_t n, len = strtoul(text, NULL, 16);

	if (!path)
		return false;
	n = (size_t)(path++ - text);
	return read_again(path, len, b) && identity_text(b->p, len, now) == n &&
		memcmp(now, text, n) == 0;
}

static bool
holds(char *line, struct buffer *b)
{
	switch (*line) {
	case WITNESS_TEXT:
		return text_holds(line + 1, b);
	case WITNESS_REAL:
		return real_holds(line + 1);
	case WITNESS_FILE:
	case WITNESS_LINK:
	case WITNESS_PLACE:
	case WITNESS_NONE:
	case WITNESS_OPEN:
		return file_holds((enum witness_kind)*line, line + 1);
	default:
		return false;
	}
}

bool
witnesses_hold(char *text)
{
	struct buffer b = { NULL, 0 };
	bool all = true;

	while (all && *text) {
		char *end = strchr(text, '\n');

		all = end != NULL;
		if (!all)
			break;
		*end = '\0';
		all = holds(text, &b);
		text = end + 1;
	}
	free(b.p);
	return all;
}

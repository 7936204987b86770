/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One list for the process, since whoever reads a file is deep below whoever keeps the
 * list. Several hundred of these are checked in a millisecond, so identities are written
 * digit by digit here: printf would take longer than the kernel's answers.
 */
#include "base/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/sum.h"
#include "base/vec.h"

enum { IDENTITY_MAX = 192 };

struct witness {
	enum witness_kind kind;
	char *path;
	char *what; /* its identity, or where it leads to */
	bool young; /* a change right after the look could have left it that identity */
};

static struct {
	bool on, spoilt;
	VEC(struct witness) list;
} noted;

void
witnesses_end(void)
{
	for (size_t i = 0; i < noted.list.len; i++) {
		free(noted.list.v[i].path);
		free(noted.list.v[i].what);
	}
	vec_release(&noted.list);
	noted.on = noted.spoilt = false;
}

void
witnesses_begin(void)
{
	witnesses_end();
	noted.on = true;
}

bool
witnesses_wanted(void)
{
	return noted.on;
}

void
witnesses_spoil(void)
{
	noted.spoilt = true;
}

/* ---- Identities ------------------------------------------------------ */

static char *
add_hex(char *at, uint64_t n)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 60;

	while (shift && !(n >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = digits[n >> shift & 15];
	*at++ = ':';
	return at;
}

/* The length; out takes IDENTITY_MAX bytes: no kind has more than eleven numbers. */
static size_t
identity(enum witness_kind kind, const struct stat *st, char *out)
{
	bool sized = kind != WITNESS_PLACE || S_ISREG(st->st_mode);
	char *at = out;

	at = add_hex(at, (uint64_t)st->st_dev);
	at = add_hex(at, (uint64_t)st->st_ino);
	at = add_hex(at, (uint64_t)st->st_mode);
	at = add_hex(at, (uint64_t)st->st_uid);
	at = add_hex(at, (uint64_t)st->st_gid);
	if (sized)
		at = add_hex(at, (uint64_t)st->st_size);
	if (kind != WITNESS_PLACE) {
		at = add_hex(at, (uint64_t)st->st_mtim.tv_sec);
		at = add_hex(at, (uint64_t)st->st_mtim.tv_nsec);
		at = add_hex(at, (uint64_t)st->st_ctim.tv_sec);
		at = add_hex(at, (uint64_t)st->st_ctim.tv_nsec);
	}
	return (size_t)(at - out);
}

/* ---- Noting ---------------------------------------------------------- */

/* Why there is nothing to be seen; the length as of identity. */
static size_t
reason(int code, char *out)
{
	return (size_t)(add_hex(out, (uint64_t)code) - out);
}

static size_t
content(const void *data, size_t n, char *out)
{
	return (size_t)(add_hex(add_hex(out, n), sum64(data, n)) - out);
}

static void
note(enum witness_kind kind, const char *path, char *what, bool young)
{
	struct witness w = { kind, xstrdup(path), what, young };

	vec_push(&noted.list, w);
}

void
witness_note(enum witness_kind kind, const char *path, const struct stat *st, time_t looked)
{
	char text[IDENTITY_MAX];
	int code = errno;
	size_t n;

	if (!noted.on)
		return;
	n = st ? identity(kind, st, text) : reason(code, text);
	note(st ? kind : WITNESS_NONE, path, xstrndup(text, n),
		st && kind != WITNESS_PLACE && !fs_is_settled(st, looked));
}

void
witness_note_text(const char *path, const void *data, size_t n)
{
	char text[IDENTITY_MAX];

	if (noted.on)
		note(WITNESS_TEXT, path, xstrndup(text, content(data, n, text)), false);
}

void
witness_note_real(const char *path, const char *real)
{
	if (noted.on)
		note(WITNESS_REAL, path, xstrdup(real ? real : ""), false);
}

int
witness_stat(const char *path, struct stat *st)
{
	time_t looked = time(NULL);
	int result = stat(path, st), code = errno;

	witness_note(WITNESS_FILE, path, result == 0 ? st : NULL, looked);
	errno = code;
	return result;
}

int
witness_open_folder(const char *path)
{
	if (access(path, W_OK | X_OK) < 0)
		return -1;
	if (noted.on)
		note(WITNESS_OPEN, path, xstrdup(":"), false);
	return 0;
}

/* ---- Writing and checking -------------------------------------------- */

bool
witnesses_write(struct str *out, const char *ours)
{
	if (!noted.on || noted.spoilt)
		return false;
	for (size_t i = 0; i < noted.list.len; i++) {
		const struct witness *w = &noted.list.v[i];

		if (strchr(w->path, '\n') || strchr(w->what, '\n') ||
		    (w->young && !path_is_inside(w->path, ours)))
			return false;
		str_addc(out, (char)w->kind);
		if (w->kind == WITNESS_REAL)
			str_addf(out, "%zu:", strlen(w->what));
		str_add(out, w->what);
		str_addf(out, " %s\n", w->path);
	}
	return true;
}

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
		return kind == WITNESS_NONE && reason(errno, now) == n &&
			memcmp(now, text, n) == 0;
	return kind != WITNESS_NONE && identity(kind, &st, now) == n && memcmp(now, text, n) == 0;
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
	return read_again(path, len, b) && content(b->p, len, now) == n &&
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

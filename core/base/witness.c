/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One list for the process, since whoever reads a file is deep below whoever keeps the
 * list. Several hundred of these are checked in a millisecond, so identities are written
 * digit by digit here: printf would take longer than the kernel's answers.
 */
#include "base/witness.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/vec.h"

/* What is younger may be changed once more within the clock's grain. */
enum { RACY_SECONDS = 2, IDENTITY_MAX = 192 };

struct witness {
	enum witness_kind kind;
	char *path;
	char *what;    /* its identity, or where it leads to */
	time_t newest; /* of its times */
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

static void
note(enum witness_kind kind, const char *path, char *what, time_t newest)
{
	struct witness w = { kind, xstrdup(path), what, newest };

	vec_push(&noted.list, w);
}

void
witness_note(enum witness_kind kind, const char *path, const struct stat *st)
{
	char text[IDENTITY_MAX];
	size_t n;

	if (!noted.on)
		return;
	if (!st) {
		note(WITNESS_NONE, path, xstrdup(":"), 0);
		return;
	}
	n = identity(kind, st, text);
	note(kind, path, xstrndup(text, n), kind == WITNESS_PLACE ? 0
		: st->st_mtime > st->st_ctime ? st->st_mtime : st->st_ctime);
}

void
witness_note_real(const char *path, const char *real)
{
	if (noted.on)
		note(WITNESS_REAL, path, xstrdup(real ? real : ""), 0);
}

int
witness_stat(const char *path, struct stat *st)
{
	int result = stat(path, st), code = errno;

	witness_note(WITNESS_FILE, path, result == 0 ? st : NULL);
	errno = code;
	return result;
}

/* ---- Writing and checking -------------------------------------------- */

static bool
is_settled(const struct witness *w, const char *ours, time_t now)
{
	return w->newest + RACY_SECONDS < now || path_is_inside(w->path, ours);
}

bool
witnesses_write(struct str *out, const char *ours)
{
	time_t now = time(NULL);

	if (!noted.on || noted.spoilt)
		return false;
	for (size_t i = 0; i < noted.list.len; i++) {
		const struct witness *w = &noted.list.v[i];

		if (strchr(w->path, '\n') || strchr(w->what, '\n') || !is_settled(w, ours, now))
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
	if ((kind == WITNESS_LINK ? lstat : stat)(path, &st) < 0)
		return kind == WITNESS_NONE;
	return kind != WITNESS_NONE && identity(kind, &st, now) == n && memcmp(now, text, n) == 0;
}

static bool
holds(char *line)
{
	switch (*line) {
	case WITNESS_REAL:
		return real_holds(line + 1);
	case WITNESS_FILE:
	case WITNESS_LINK:
	case WITNESS_PLACE:
	case WITNESS_NONE:
		return file_holds((enum witness_kind)*line, line + 1);
	default:
		return false;
	}
}

bool
witnesses_hold(char *text)
{
	while (*text) {
		char *end = strchr(text, '\n');

		if (!end)
			return false;
		*end = '\0';
		if (!holds(text))
			return false;
		text = end + 1;
	}
	return true;
}

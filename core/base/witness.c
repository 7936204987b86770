/* SPDX-License-Identifier: GPL-3.0-only */
/* One list for the process, since whoever reads a file is deep below whoever keeps the list. */
#include "base/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/identity.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/vec.h"

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

/* ---- Noting ---------------------------------------------------------- */

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
	n = st ? identity_file(kind, st, text) : identity_reason(code, text);
	note(st ? kind : WITNESS_NONE, path, xstrndup(text, n),
		st && kind != WITNESS_PLACE && !fs_is_settled(st, looked));
}

void
witness_note_text(const char *path, const void *data, size_t n)
{
	char text[IDENTITY_MAX];

	if (noted.on)
		note(WITNESS_TEXT, path, xstrndup(text, identity_text(data, n, text)), false);
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

/* ---- Writing --------------------------------------------------------- */

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

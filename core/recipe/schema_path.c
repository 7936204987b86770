/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe reads nothing but what lies beside and below it. A link in a folder is
 * hashed by its text and followed by whoever reads the folder, so it must not lead out.
 */
#include "recipe/schema_path.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/path.h"
#include "base/str.h"
#include "base/witness.h"

static int
hint(const struct taking *t)
{
	diag_hint(t->schema->diags, "what the recipe needs lies beside or below it; "
		"--set may name any file");
	return -1;
}

/* Of a link that leads nowhere the text decides: what it names may come to be. */
static bool
link_is_inside(const char *link, const char *dir)
{
	cleanup_free char *real = fs_real(link);
	cleanup_free char *folder = path_dir(link), *joined = NULL, *named = NULL;
	char target[PATH_MAX];
	ssize_t n;

	if (real)
		return path_is_inside(real, dir);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	joined = path_join(folder, target);
	named = path_absolute(joined);
	return path_is_inside(named, dir);
}

/* The links in a folder; real and dir are without links themselves. */
static int
check_links(const struct taking *t, struct pos pos, char *real, const char *dir)
{
	char *roots[] = { real, NULL };
	time_t looked = time(NULL);
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int result = 0;
	FTSENT *e;

	while (fts && (e = fts_read(fts))) {
		/* Files are told by the folders that they are in. */
		if (e->fts_info != FTS_DP &&
			(e->fts_info != FTS_F || e->fts_level == FTS_ROOTLEVEL))
			witness_note(WITNESS_LINK, e->fts_path, e->fts_statp, looked);
		if ((e->fts_info != FTS_SL && e->fts_info != FTS_SLNONE) ||
			link_is_inside(e->fts_path, dir))
			continue;
		diag_error(t->schema->diags, pos, "%s %s: the link %s leads outside the recipe's "
			"folder", t->section, t->key, e->fts_path + strlen(dir) + 1);
		result = hint(t);
	}
	if (fts)
		fts_close(fts);
	return result;
}

int
schema_path_inside(const struct taking *t, struct pos pos, const char *text,
	const char *path)
{
	cleanup_free char *real = fs_real(path);
	cleanup_free char *dir = fs_real(t->schema->dir);

	if (!pos.line)
		return 0;
	if (real && dir && path_is_inside(real, dir))
		return check_links(t, pos, real, dir);
	/* What is not there is told by who reads it. */
	if (!real && dir && path_is_inside(path, dir))
		return 0;
	diag_error(t->schema->diags, pos, "%s %s names %s, which is outside the recipe's folder",
		t->section, t->key, text);
	return hint(t);
}

int
schema_path_url(const struct taking *t, struct pos pos, const char *text)
{
	cleanup_free char *given = t->fetches ? path_of_url(text) : NULL;
	cleanup_free char *path = given ? path_absolute(given) : NULL;

	return path ? schema_path_inside(t, pos, text, path) : 0;
}

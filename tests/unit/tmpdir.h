/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A folder for the tests of one program. The fixture runs in the parent of the forked
 * tests, so the folder goes away even when a test fails or crashes.
 */
#ifndef TESTS_UNIT_TMPDIR_H
#define TESTS_UNIT_TMPDIR_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"

static char *tmpdir;

static inline void
tmpdir_make(void)
{
	const char *parent = getenv("TMPDIR");

	tmpdir = xasprintf("%s/msmv-unit.XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(tmpdir)) {
		perror(tmpdir);
		exit(EXIT_FAILURE);
	}
}

static inline void
tmpdir_remove(void)
{
	fs_remove(tmpdir, NULL);
	free(tmpdir);
}

static inline void
tmpdir_use(TCase *tests)
{
	tcase_add_unchecked_fixture(tests, tmpdir_make, tmpdir_remove);
}

/* A path in it; the caller frees. */
static inline char *
tmpdir_path(const char *name)
{
	return path_join(tmpdir, name);
}

/* Writes text to a file in it and returns its path; the caller frees. */
static inline char *
tmpdir_file(const char *name, const char *text, size_t n)
{
	char *path = tmpdir_path(name);

	ck_assert_int_eq(fs_write(path, text, n, false, NULL), 0);
	return path;
}

#endif

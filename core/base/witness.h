/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a process has looked at outside of itself, so that a later one can make sure that
 * it would see the same: by a stat each, and without reading more than a few texts.
 *
 *	witnesses_begin()         from now on all that reads files notes them here
 *	witnesses_write(&text)    a line each; refused if a change could go unseen
 *	witnesses_hold(text)      in the later process: is all of it as it was?
 *
 * One line is KIND IDENTITY PATH; for kind '>' the length of what PATH stood for, then that
 * and PATH; for kind '*' the length of what was read and a sum of it. A path is as it was used, so a relative one holds for one folder only.
 */
#ifndef MSMV_BASE_WITNESS_H
#define MSMV_BASE_WITNESS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#include "base/str.h"

/*
 * What of a file counts. Its identity is its place on the disk, its size, times, mode and
 * owners: who changes a byte changes that.
 */
enum witness_kind {
	WITNESS_TEXT = '*',  /* what is in the file, which is read again: where a person's next
	                        word may count before the file's times tell, and where times
	                        say something else */
	WITNESS_FILE = '=',  /* identity of what is at the path, links followed */
	WITNESS_LINK = '@',  /* identity of a link or whatever is there itself */
	WITNESS_PLACE = '#', /* times do not count: a folder that is used, not read */
	WITNESS_NONE = '-',  /* nothing is there, or nothing to be seen for the same reason */
	WITNESS_OPEN = '+',  /* a folder that this process may make files in */
	WITNESS_REAL = '>',  /* where it leads to without links */
};

/* Ends what was begun before. */
void witnesses_begin(void);
void witnesses_end(void);
/* Between the two. */
bool witnesses_wanted(void);
/*
 * st: what stat or lstat said of the path; NULL: it failed, with errno. looked: the clock
 * before that, in seconds since 1970; who looks first and reads later gives the first.
 */
void witness_note(enum witness_kind kind, const char *path, const struct stat *st,
	time_t looked);
/* These n bytes were the whole file. */
void witness_note_text(const char *path, const void *data, size_t n);
/* real: NULL if it leads nowhere. */
void witness_note_real(const char *path, const char *real);
/* stat and the note of it: 0 or -1 with errno. */
int witness_stat(const char *path, struct stat *st);
/* Whether files can be made in a folder, and the note that they can: 0 or -1 with errno. */
int witness_open_folder(const char *path);
/* Something was seen that cannot be looked at again. */
void witnesses_spoil(void);

/*
 * False, and nothing is to be kept: they were spoilt, or a file outside of the folder ours
 * was so young when it was looked at that a change right after it would leave it the same
 * identity. Files in ours are always replaced, never written to.
 */
bool witnesses_write(struct str *out, const char *ours);
/* text is what witnesses_write made; it is changed. */
bool witnesses_hold(char *text);

#endif

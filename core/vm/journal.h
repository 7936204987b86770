/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A log file that does not fill the disk: at its limit it becomes FILE.1, in the place of
 * the one before, and a new FILE begins. Twice the limit is kept at most.
 */
#ifndef VM_JOURNAL_H
#define VM_JOURNAL_H

#include <stddef.h>
#include <sys/types.h>

struct journal {
	char *path; /* owned */
	int fd;
	off_t size, limit; /* bytes */
};

#define JOURNAL_INIT { NULL, -1, 0, 0 }

/* Opens or creates it, to add to. -1 with errno. */
int journal_open(struct journal *j, const char *path, off_t limit);
/* A log that cannot be written loses lines; it stops nothing. */
void journal_write(struct journal *j, const void *data, size_t size);
void journal_close(struct journal *j);

#endif

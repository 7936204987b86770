/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One set of package lists to ask: the machine's own, read-only, or lists of ours in
 * the scratch folder, made from the machine's source entries. Neither needs root and
 * neither writes outside the stage's folders.
 */
#ifndef FETCH_APT_APT_H
#define FETCH_APT_APT_H

#include "request.h"

#define APT_ARGS_MAX 64

struct apt {
	struct msmv_stage *stage;
	int source;  /* ask for source packages */
	int folders; /* the stage's folders may be used: not in facts() */
	/* Lists of ours, see lists.h; empty for the machine's. */
	char lists[512], parts[512], arch[64];
	int lists_failed; /* they could not be brought up to date */
	/* The running transfer. */
	const char *label;
	uint64_t total;    /* its size; 0: unknown */
	char trouble[512]; /* the first network error, with its cause; "" if none */
	int in_trouble;    /* the next line tells the cause */
};

/* The machine's lists, for questions only: all that facts() may do. */
void apt_bare(struct apt *a, struct msmv_stage *stage, int source);
/* The machine's lists. -1: recorded failure. */
int apt_system(struct apt *a, struct msmv_stage *stage, int source);
/* Runs a program and returns its output, owned by the host; *status its exit. */
char *apt_ask(struct apt *a, int *status, const char *const *argv);
/* Runs a transfer in dir with progress; the exit status, or -1 if recorded. */
int apt_transfer(struct apt *a, const char *dir, const char *const *argv);
/* Why the last transfer failed, for a message. */
const char *apt_trouble(const struct apt *a);

/* Makes folders below base; names ends with NULL. */
int folders_make(struct msmv_stage *stage, const char *base, const char *const *names);
/* Writes a whole text file. */
int text_write(struct msmv_stage *stage, const char *path, const char *text);

#endif

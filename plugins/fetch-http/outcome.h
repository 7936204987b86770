/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What became of one attempt to get the file from one place. Every layer of this
 * plugin says it in these words; only fetch-http.c turns the last one into the
 * stage's failure, so that a working second url never leaves an error behind.
 */
#ifndef FETCH_HTTP_OUTCOME_H
#define FETCH_HTTP_OUTCOME_H

enum verdict {
	VERDICT_DONE,  /* the file is complete and right */
	VERDICT_LATER, /* transient: the same place may do better in a moment */
	VERDICT_DEAD,  /* this place will not give the file */
	VERDICT_STOP   /* no place would help: disk full, cancelled */
};

struct outcome {
	enum verdict verdict;
	int code;        /* enum msmv_fail */
	int disk_full;   /* what is unfinished should not stay and fill it */
	unsigned wait_s; /* the server asked to be left alone so long */
	char why[768];   /* cause, for a person */
};

/* Fills in o; returns -1 unless the verdict is VERDICT_DONE. */
int outcome_set(struct outcome *o, enum verdict verdict, int code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* A failed system call on a file of ours: a full disk stops everything. */
int outcome_errno(struct outcome *o, const char *doing, const char *path);

#endif

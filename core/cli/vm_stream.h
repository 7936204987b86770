/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Standard input and output at a socket that leads to a guest: its console, or one of its
 * ports. No side is read faster than the other takes it, and signals are read like all else,
 * so that whoever has set up a terminal can put it right whatever ends this.
 */
#ifndef MSMV_CLI_VM_STREAM_H
#define MSMV_CLI_VM_STREAM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct stream {
	int fd;
	int input;        /* -1: its end came */
	bool ends;        /* input's end is told to the other side */
	bool left;        /* the person wants to go */
	bool interrupted;
	struct str typed; /* for the guest, not taken yet */
	struct str shown; /* for standard output, not taken yet */
	int signals;
	sigset_t mask;    /* before */
	/* What came, to be put into typed or shown; NULL: as it is. */
	void (*on_input)(struct stream *s, const char *bytes, size_t n);
	void (*on_output)(struct stream *s, const char *bytes, size_t n);
	void *owner;
};

/* Takes fd over, which does not block in here, and signals. */
void stream_open(struct stream *s, int fd);
/* In so many milliseconds, -1 for as long as it takes. False when the other side has ended,
   or nobody reads standard output. */
bool stream_run(struct stream *s, int timeout_ms);
/* The rest of what is to be shown, as long as somebody takes it. */
void stream_rest(struct stream *s);
/* Signals that came meanwhile are answered by that, and end nothing. */
void stream_close(struct stream *s);

#endif
